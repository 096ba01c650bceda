import { describe, expect, test } from 'vitest';
import { normalisePixels, pictureOf } from '../../../main/image/normalise-pixels.ts';
import type { Pixels } from '../../../main/image/pixels.ts';

const input = { width: 4, height: 2 } as const;

function fill(colourAt: (x: number) => [number, number, number]): Pixels {
  return {
    width: 4,
    height: 2,
    channels: 3,
    data: Uint8Array.from(Array.from({ length: 8 }, (_, index) => colourAt(index % 4)).flat()),
  };
}
const bands = fill((x) => [x * 60, 128, 255]);

describe('normalisePixels', () => {
  test('normalises each channel into its own plane', () => {
    const { shape, data } = normalisePixels([bands], { ...input, mean: [0.5, 0.4, 0.3], std: [0.5, 0.25, 0.2] });
    expect(shape).toEqual([1, 3, 2, 4]);
    expect(data[0]).toBeCloseTo((0 - 0.5) / 0.5, 6);
    expect(data[3]).toBeCloseTo((180 / 255 - 0.5) / 0.5, 6);
    expect(data[8]).toBeCloseTo((128 / 255 - 0.4) / 0.25, 6);
    expect(data[23]).toBeCloseTo((1 - 0.3) / 0.2, 6);
  });

  test('lays pictures one behind the other, in memory that is used again', () => {
    const form = { ...input, mean: [0, 0, 0], std: [1, 1, 1] } satisfies Parameters<typeof normalisePixels>[1];
    const memory = new Float32Array(100).fill(9);
    const batch = normalisePixels([bands, fill(() => [51, 0, 0])], form, memory);
    expect([batch.shape, batch.data.buffer === memory.buffer, memory[48]]).toEqual([[2, 3, 2, 4], true, 9]);
    expect(pictureOf(batch, 0)).toEqual(normalisePixels([bands], form));
    expect(Array.from(pictureOf(batch, 1).data.subarray(7, 9), (value) => Math.round(value * 255))).toEqual([51, 0]);
  });

  test('takes no picture of another size', () => {
    const small = { ...bands, width: 2, data: bands.data.subarray(0, 12) };
    expect(() => normalisePixels([small], { ...input, mean: [0, 0, 0], std: [1, 1, 1] })).toThrow('picture 0 is not 4 × 2');
  });
});
