import type { Library, PictureItem } from '../library/library.ts';
import type { PackRegistry } from '../packs/pack-registry.ts';
import { addPicture } from './add-picture.ts';
import { findSample } from './find-sample.ts';

/** Puts a pack's sample scene into the library. */
export async function addSample(library: Library, packs: PackRegistry, packId: string, file: string): Promise<PictureItem> {
  const sample = await findSample(packs, packId, file);
  return addPicture(library, sample.path, sample.title);
}
