import type { Pixels } from './pixels.ts';

/** A seam of a grid stands out from the columns and rows beside it by so much, and is at least so strong, of 255. */
const seamOverBeside = 2.5;
const leastSeam = 4;
/** How far from the seam the columns and rows lie that it is compared with. */
const beside = [-12, -9, -6, -4, 4, 6, 9, 12];
const leastSide = 64;

/** Mean difference of the pixels on both sides of a line, 0..255: across `x` for rows `from` to `to`, or across a row for columns. */
function stepAcross({ width, data }: Pixels, axis: 'x' | 'y', at: number, from: number, to: number): number {
  let sum = 0;
  for (let along = from; along < to; along += 1) {
    const [near, far] =
      axis === 'x' ? [along * width + at - 1, along * width + at] : [(at - 1) * width + along, at * width + along];
    for (let channel = 0; channel < 3; channel += 1)
      sum += Math.abs((data[near * 3 + channel] ?? 0) - (data[far * 3 + channel] ?? 0));
  }
  return sum / (3 * Math.max(1, to - from));
}

function hasSeam(pixels: Pixels, axis: 'x' | 'y', from: number, to: number): boolean {
  const middle = (axis === 'x' ? pixels.width : pixels.height) / 2;
  const seam = stepAcross(pixels, axis, middle, from, to);
  const around = beside.reduce((sum, offset) => sum + stepAcross(pixels, axis, middle + offset, from, to), 0) / beside.length;
  return seam >= leastSeam && seam >= seamOverBeside * around;
}

/**
 * Whether a picture is four pictures, two and two: there is a seam between each two that are beside or below each other. A picture whose
 * own things end just there is taken for one only where all four do.
 */
export function isGrid(pixels: Pixels): boolean {
  const { width, height } = pixels;
  if (width % 2 !== 0 || height % 2 !== 0 || Math.min(width, height) < leastSide) return false;
  const [across, down] = [width / 2, height / 2];
  return (
    hasSeam(pixels, 'x', 0, down) &&
    hasSeam(pixels, 'x', down, height) &&
    hasSeam(pixels, 'y', 0, across) &&
    hasSeam(pixels, 'y', across, width)
  );
}

/** The four pictures of a grid, row by row. Both sides are even. */
export function splitGrid({ width, height, channels, data }: Pixels): Pixels[] {
  const [across, down] = [width / 2, height / 2];
  return [0, 1, 2, 3].map((quarter) => {
    const [left, top] = [(quarter % 2) * across, Math.floor(quarter / 2) * down];
    const cut = new Uint8Array(across * down * channels);
    for (let y = 0; y < down; y += 1) {
      const start = ((top + y) * width + left) * channels;
      cut.set(data.subarray(start, start + across * channels), y * across * channels);
    }
    return { width: across, height: down, channels, data: cut };
  });
}
