import { StudioError } from '../../contract/errors.ts';
import type { StoredImage } from '../../contract/library.ts';
import { createId } from '../storage/create-id.ts';
import type { ContentStore, StagedImage } from './content-store.ts';
import type { ImageFacts } from './library.ts';

/** What every new item has, whatever its kind. */
export function makeItem(createdMs: number, given: { readonly title: string; readonly parents?: readonly string[] }) {
  return {
    id: createId(createdMs),
    createdMs,
    title: given.title,
    starred: false,
    trashed: false,
    boards: [],
    parents: [...(given.parents ?? [])],
  };
}

/** Keeps a picture's bytes and says what an item tells of them. Throws StudioError disk-full or file-unwritable. */
export async function storeImage(
  images: ContentStore,
  source: Uint8Array | StagedImage,
  { width, height, mediaType, thumbhash }: ImageFacts,
): Promise<StoredImage> {
  const [sha256, bytes] =
    source instanceof Uint8Array ? [await images.put(source), source.length] : [await images.keep(source), source.bytes];
  return { sha256, bytes, width, height, mediaType, thumbhash };
}

/** Why nothing is kept in a library that is open for reading only. */
export function readOnlyError(folder: string): StudioError {
  const hint = 'Open the library for writing: close the other studio and try again.';
  return new StudioError('file-unwritable', 'The library is open for reading only.', hint, { folder });
}
