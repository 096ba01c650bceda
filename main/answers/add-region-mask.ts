import { StudioError } from '../../contract/errors.ts';
import { pixelsOf } from '../../contract/texts/region.ts';
import type { PictureRegion } from '../../contract/texts/reading.ts';
import type { PictureItem } from '../library/library.ts';
import type { JobServices } from '../services/job-services.ts';
import { requireRegion } from '../work/readers/read-region.ts';
import { addPicture } from './add-picture.ts';

/**
 * A part of an item's picture as a mask of it: white where the part is, so that it alone is drawn anew.
 * @throws StudioError `not-found`; `bad-request` for a text, and for a part that is not inside
 */
export async function addRegionMask(
  services: Pick<JobServices, 'library' | 'pictures'>,
  itemId: string,
  region: PictureRegion,
  signal?: AbortSignal,
): Promise<PictureItem> {
  const item = services.library.getItem(itemId);
  if (item.kind === 'prompt') {
    throw new StudioError('bad-request', 'A text has no part to be drawn anew.', 'Name the item of a picture.');
  }
  const { width, height } = item.image;
  requireRegion(region, item.image);
  const data = new Uint8Array(width * height * 3);
  for (const [pixel, white] of pixelsOf(region, region.around === true, { width, height }).entries())
    if (white === 1) data.fill(255, pixel * 3, pixel * 3 + 3);
  const png = await services.pictures.encodePng({ width, height, channels: 3, data }, { signal });
  return addPicture(services, png, { title: `Mask of ${item.title}`.trim(), parents: [itemId], signal });
}
