import { StudioError } from '../../../../contract/errors.ts';
import type { Studio } from '../../../studio.ts';
import type { CommandContext } from '../command-context.ts';
import { findImages } from './find-images.ts';
import { imageError } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';
import { nameFailure } from '../name-failure.ts';

export interface AddedImages {
  readonly images: readonly { readonly path: string; readonly sha256: string }[];
  readonly errors: readonly ImageError[];
}

/** Finds the pictures and puts them into the library. A picture that cannot be opened is reported and the others go on. */
export async function addImages(names: readonly string[], studio: Studio, context: CommandContext): Promise<AddedImages> {
  const found = await findImages(names);
  const { images, errors } = await addFiles(found.paths, studio, context);
  return { images, errors: [...found.errors, ...errors] };
}

/** The same for files that were found. */
export async function addFiles(paths: readonly string[], studio: Studio, context: CommandContext): Promise<AddedImages> {
  const errors: ImageError[] = [];
  const images: { path: string; sha256: string }[] = [];
  for (const path of paths) {
    context.signal.throwIfAborted();
    try {
      images.push({ path, sha256: (await studio.addImage(path)).image.sha256 });
    } catch (cause) {
      const error = nameFailure(cause);
      if (concernsAll(error)) throw cause;
      errors.push(imageError(path, error));
    }
  }
  return { images, errors };
}

/** Failures that every further picture would meet as well. */
export function concernsAll(error: { readonly code: string }): boolean {
  return /^(?:pack-|library-|engine-unavailable|device-|disk-full|length-|scheduler-|prompt-)/.test(error.code);
}

/** Why nothing came of any picture: what was said of the first. */
export function noneRead([first]: readonly ImageError[]): StudioError {
  const said = first === undefined ? 'Name at least one that can be read.' : `${first.image}: ${first.message}`;
  return new StudioError('not-found', 'No picture was read.', said);
}
