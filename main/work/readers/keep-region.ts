import { insideOf } from '../../../contract/texts/region.ts';
import type { PictureRegion } from '../../../contract/texts/reading.ts';
import type { Pixels } from '../../image/pixels.ts';

/**
 * The part of a picture that is read alone: the rectangle cut out, with what lies outside of its shape in the mean colour of what lies inside; or
 * the whole picture with the region in the mean colour of the rest.
 *
 * @param whole RGB, 8 bits a channel; the region lies inside of it
 */
export function keepRegion(whole: Pixels, region: PictureRegion): Pixels {
  const isInside = insideOf(region);
  const isAround = region.around === true;
  const { x, y, width, height } = isAround ? { x: 0, y: 0, width: whole.width, height: whole.height } : region;
  const data = new Uint8Array(width * height * 3);
  const left: number[] = [];
  const sums = [0, 0, 0];
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const to = (row * width + column) * 3;
      if (isInside(x + column, y + row) === isAround) {
        left.push(to);
        continue;
      }
      const from = ((y + row) * whole.width + x + column) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const value = whole.data[from + channel] ?? 0;
        data[to + channel] = value;
        sums[channel] = (sums[channel] ?? 0) + value;
      }
    }
  }
  const kept = Math.max(1, width * height - left.length);
  const mean = sums.map((sum) => Math.round(sum / kept));
  for (const to of left) data.set(mean, to);
  return { width, height, channels: 3, data };
}
