import type { PictureItem } from '../library/library.ts';
import type { JobServices } from '../services/job-services.ts';
import { addPicture } from './add-picture.ts';
import { findSample } from './find-sample.ts';

/** Puts a pack's sample scene into the library. */
export async function addSample(
  services: Pick<JobServices, 'library' | 'pictures' | 'packs'>,
  packId: string,
  file: string,
): Promise<PictureItem> {
  const sample = await findSample(services.packs, packId, file);
  return addPicture(services, sample.path, { title: sample.title });
}
