import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { decodeImage } from '../../main/image/decode/decode-image.ts';
import { fitImage } from '../../main/image/decode/fit-image.ts';
import { resamplePixels } from '../../main/image/decode/resample-pixels.ts';
import { readGolden } from './read-golden.ts';

const golden = readGolden(
  'resize',
  z.object({
    image: z.string(),
    resample: z.enum(['bilinear', 'bicubic', 'lanczos']),
    fit: z.enum(['stretch', 'crop']),
    width: z.number(),
    height: z.number(),
    pixels: z.string(),
  }),
);

const fixture = (image: string): string => fileURLToPath(new URL(`../fixtures/images/${image}`, import.meta.url));

function meanDifference(actual: Uint8Array, expected: Uint8Array): number {
  expect(actual.length).toBe(expected.length);
  return expected.reduce((sum, value, index) => sum + Math.abs(value - (actual[index] ?? 0)), 0) / expected.length;
}

describe('fitImage against Pillow', () => {
  // The mean over all values, in steps of 1/255. libvips rounds its weights and copies edge pixels where Pillow leaves
  // them out; with another kernel, without the full extract or with libvips' enlargement it is 2 to 8.
  test.each(golden.cases)('$image $resample $fit', async ({ image, resample, fit, width, height, pixels }) => {
    const actual = await fitImage(fixture(image), { width, height, resample, fit });
    expect(meanDifference(actual.data, Buffer.from(pixels, 'base64'))).toBeLessThan(golden.tolerance);
  });
});

describe('resamplePixels against Pillow', () => {
  const enlarging = golden.cases.filter((one) => one.image === 'small.png' && one.fit === 'stretch');
  test.each(enlarging)('enlarges with $resample bit for bit', async ({ image, resample, width, height, pixels }) => {
    const source = await decodeImage(fixture(image));
    const actual = resamplePixels(source, width, height, resample);
    expect(Buffer.from(actual.data).equals(Buffer.from(pixels, 'base64'))).toBe(true);
  });
});
