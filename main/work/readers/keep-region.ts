import type { PictureRegion } from '../../../contract/texts/reading.ts';
import type { Pixels } from '../../image/pixels.ts';

/**
 * The part of a picture that is read alone: the rectangle cut out, with what lies outside of its shape in the mean colour of what lies inside; or
 * the whole picture with the region in the mean colour of the rest.
 *
 * @param whole RGB, 8 bits a channel; the region lies inside of it
 */
export function keepRegion(whole: Pixels, region: PictureRegion): Pixels {
  const isInside = maskOf(region);
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

/** Whether the middle of a pixel lies in a region: by the even-odd rule where it has a shape. */
function maskOf({ x, y, width, height, outline }: PictureRegion): (column: number, row: number) => boolean {
  const isInBox = (column: number, row: number): boolean => column >= x && row >= y && column < x + width && row < y + height;
  if (outline === undefined) return isInBox;
  const rows = new Map<number, readonly number[]>();
  return (column, row) => {
    if (!isInBox(column, row)) return false;
    const crossings = rows.get(row) ?? crossingsAt(outline, row + 0.5);
    rows.set(row, crossings);
    return crossings.filter((at) => at > column + 0.5).length % 2 === 1;
  };
}

/** Where the sides of a shape cross a horizontal line. */
function crossingsAt(outline: readonly (readonly [number, number])[], line: number): number[] {
  return outline.flatMap(([fromX, fromY], corner) => {
    const [toX, toY] = outline[(corner + 1) % outline.length] ?? [fromX, fromY];
    if (fromY <= line === toY <= line) return [];
    return [fromX + ((line - fromY) / (toY - fromY)) * (toX - fromX)];
  });
}
