import { StudioError } from '../../contract/errors.ts';
import { rowsOf } from '../../contract/texts/region.ts';
import type { PictureRegion } from '../../contract/texts/reading.ts';
import type { PictureItem } from '../library/library.ts';
import type { JobServices } from '../services/job-services.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
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
  let at = 0;
  for (const row of rowsOf(region, region.around === true, { width, height })) {
    for (const white of row) {
      if (white === 1) data.fill(255, at, at + 3);
      at += 3;
    }
    // Pictures of cameras have tens of millions of pixels, and others wait for this thread meanwhile.
    await yieldToEventLoop();
  }
  const png = await services.pictures.encodePng({ width, height, channels: 3, data }, { signal });
  return addPicture(services, png, { title: `Mask of ${item.title}`.trim(), parents: [itemId], signal });
}
