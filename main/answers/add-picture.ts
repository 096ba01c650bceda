import { basename } from 'node:path';
import { explainFileFailure } from '../image/explain-file-failure.ts';
import { defaultImageLimits } from '../image/image-limits.ts';
import type { StagedImage } from '../library/content-store.ts';
import type { Library, PictureItem } from '../library/library.ts';
import type { JobServices } from '../services/job-services.ts';
import { openRegularFile } from '../files/open-regular-file.ts';

/** A file's path, its bytes, or its bytes as they come. */
export type NewPictureSource = string | Uint8Array | AsyncIterable<Uint8Array>;

export interface AddPictureOptions {
  /** Default: the file's name. */
  readonly title?: string | undefined;
  /** Items it was made from, such as the picture that a mask is of; a picture that is there already keeps its own. */
  readonly parents?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Adds a picture to the library. Its bytes go to the disk first and are read from there, so that none are held here and what is
 * kept is what was read; it is decoded before it is kept, so that it can be opened again.
 *
 * @throws StudioError as PictureReader and the library do; the signal's reason
 */
export async function addPicture(
  { library, pictures }: Pick<JobServices, 'library' | 'pictures'>,
  source: NewPictureSource,
  { title, parents = [], signal }: AddPictureOptions = {},
): Promise<PictureItem> {
  const fileName = typeof source === 'string' ? basename(source) : null;
  const name = fileName ?? 'The picture';
  const staged = typeof source === 'string' ? await stageFile(library, source, name, signal) : await stage(library, source);
  try {
    const facts = await pictures.readFacts(staged.path, { name, signal });
    return await library.addPicture({ staged, facts, title: title ?? fileName ?? '', parents });
  } finally {
    await staged.discard();
  }
}

function stage(library: Library, chunks: Exclude<NewPictureSource, string>): Promise<StagedImage> {
  return library.stageImage(chunks instanceof Uint8Array ? [chunks] : chunks, defaultImageLimits.maxBytes);
}

async function stageFile(library: Library, path: string, name: string, signal?: AbortSignal): Promise<StagedImage> {
  try {
    const { handle } = await openRegularFile(path, { maximumBytes: defaultImageLimits.maxBytes, signal });
    // The stream closes the handle, also when it is left early.
    return await stage(library, handle.createReadStream({ signal }));
  } catch (cause) {
    throw explainFileFailure(cause, name);
  }
}
