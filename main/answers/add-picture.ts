import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { readImageFacts } from '../image/read-image-facts.ts';
import { resolveName } from '../resolve-name.ts';
import type { Library, PictureItem } from '../library/library.ts';

/**
 * Adds a picture file or its bytes to the library. It is decoded first, so that whatever is kept can be opened again.
 * @throws StudioError as readImageFacts and the library do
 */
export async function addPicture(library: Library, source: string | Uint8Array, title: string | undefined): Promise<PictureItem> {
  const facts = await readImageFacts(source);
  const bytes = typeof source === 'string' ? await readFile(await resolveName(source)) : source;
  return library.addPicture({ bytes, facts, title: title ?? (typeof source === 'string' ? basename(source) : '') });
}
