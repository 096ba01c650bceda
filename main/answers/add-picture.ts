import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PictureItem } from '../library/library.ts';
import type { JobServices } from '../services/job-services.ts';

export interface AddPictureOptions {
  /** Default: the file's name. */
  readonly title?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Adds a picture file or its bytes to the library. It is decoded first, so that whatever is kept can be opened again.
 * @throws StudioError as PictureReader and the library do
 */
export async function addPicture(
  { library, pictures }: Pick<JobServices, 'library' | 'pictures'>,
  source: string | Uint8Array,
  { title, signal }: AddPictureOptions = {},
): Promise<PictureItem> {
  const facts = await pictures.readFacts(source, { signal });
  const bytes = typeof source === 'string' ? await readFile(source) : source;
  return library.addPicture({ bytes, facts, title: title ?? (typeof source === 'string' ? basename(source) : '') });
}
