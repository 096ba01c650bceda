import { describe, expect, it } from 'vitest';
import { isGrid, splitGrid } from '../../../main/image/split-grid.ts';
import type { Pixels } from '../../../main/image/pixels.ts';

type Paint = (x: number, y: number) => readonly [number, number, number];

function paint(width: number, height: number, at: Paint): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) data.set(at(x, y), (y * width + x) * 3);
  return { width, height, channels: 3, data };
}

/** A slope with a little grain, as photographs have. */
const slope =
  (base: number): Paint =>
  (x, y) => {
    const grain = (x * 7 + y * 13) % 3;
    return [(base + x + grain) % 256, (base + Math.floor(y / 2)) % 256, (base * 3) % 256];
  };

/** Four slopes that begin anew at each corner. */
const fourSlopes: Paint = (x, y) => slope(40 + 50 * ((x < 48 ? 0 : 1) + (y < 48 ? 0 : 2)))(x % 48, y % 48);

describe('a grid of four', () => {
  it('is seen by its seams, and cut into its pictures row by row', () => {
    const grid = paint(96, 96, fourSlopes);
    expect(isGrid(grid)).toBe(true);
    const parts = splitGrid(grid);
    expect(parts).toEqual([0, 1, 2, 3].map((quarter) => paint(48, 48, slope(40 + 50 * quarter))));
  });

  it('is cut the same where it is wider than high', () => {
    const wide = paint(128, 64, (x, y) => [(x < 64 ? 10 : 90) + (y < 32 ? 0 : 60), 20, 30]);
    expect(isGrid(wide)).toBe(true);
    expect(splitGrid(wide).map(({ width, height, data }) => [width, height, data[0]])).toEqual([
      ...[
        [64, 32, 10],
        [64, 32, 90],
        [64, 32, 70],
        [64, 32, 150],
      ],
    ]);
  });

  it.each([
    ['a single picture', paint(96, 96, slope(40))],
    ['one that is cut in two alone', paint(96, 96, (x, y) => slope(x < 48 ? 40 : 150)(x % 48, y))],
    [
      'a horizon and a post below it',
      paint(96, 96, (x, y) => (y < 48 ? [90, 120, 200] : x < 48 ? [60, 50, 40] : [140, 120, 90])),
    ],
    ['one of noise', paint(96, 96, (x, y) => [(x * 97 + y * 31) % 256, (x * 41 + y * 89) % 256, (x * y) % 256])],
    ['one with odd sides', paint(97, 96, fourSlopes)],
    ['a tiny one', paint(32, 32, (x, y) => [(x < 16 ? 0 : 90) + (y < 16 ? 0 : 60), 0, 0])],
  ])('is not taken for %s', (_name, pixels) => {
    expect(isGrid(pixels)).toBe(false);
  });
});
