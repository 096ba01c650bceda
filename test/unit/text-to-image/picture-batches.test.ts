import { describe, expect, it } from 'vitest';
import { pictureBatches } from '../../../main/text-to-image/picture-batches.ts';

const sizes = (count: number, side: number, isGuided = true): number[] =>
  pictureBatches(0, count, { width: side, height: side }, isGuided).map((batch) => batch.length);

describe('pictureBatches', () => {
  it('gives picture i the seed + i', () => {
    expect(pictureBatches(7, 10, { width: 64, height: 64 }, true)).toEqual([
      [7, 8, 9, 10, 11, 12, 13, 14],
      [15, 16],
    ]);
  });

  it('draws fewer large pictures together, and at least one', () => {
    expect(sizes(3, 512)).toEqual([1, 1, 1]);
    expect(sizes(5, 256)).toEqual([4, 1]);
    expect(sizes(2, 2048)).toEqual([1, 1]);
  });

  it('draws pictures one by one without guidance', () => {
    expect(sizes(3, 64, false)).toEqual([1, 1, 1]);
  });
});
