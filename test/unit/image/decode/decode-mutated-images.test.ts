import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { StudioError } from '../../../../contract/errors.ts';
import { decodeImage } from '../../../../main/image/decode/decode-image.ts';
import { defaultImageLimits } from '../../../../main/image/image-limits.ts';

const mutationsPerFormat = 100;
// What a mutated header may claim is small, so that the test is about faults and not about patience.
const limits = { ...defaultImageLimits, maxPixels: 4_000_000 };

/** mulberry32: 32-bit state, enough to repeat a failure by its seed. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One damage of six kinds, half of the time aimed at the header, where parsers are. */
function mutate(original: Buffer, random: () => number): Buffer {
  const place = (): number => Math.floor(random() * (random() < 0.5 ? Math.min(64, original.length) : original.length));
  const bytes = Buffer.from(original);
  const from = place();
  const length = 1 + Math.floor(random() * 32);
  const kind = Math.floor(random() * 6);
  if (kind === 0) return bytes.subarray(0, from);
  if (kind === 1) return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
  if (kind === 2) return Buffer.concat([bytes.subarray(0, from), bytes.subarray(place()), bytes.subarray(from)]);
  if (kind === 3) return bytes.fill(random() < 0.5 ? 0 : 255, from, from + length);
  for (let count = kind === 4 ? 1 : length; count > 0; count--) bytes[place()] = Math.floor(random() * 256);
  return bytes;
}

function encodeScene(): Sharp {
  const random = seededRandom(3);
  const data = Buffer.from(Array.from({ length: 48 * 40 * 3 }, (_, index) => (index % 144) + Math.floor(random() * 60)));
  return sharp(data, { raw: { width: 48, height: 40, channels: 3 } });
}

describe('mutated pictures give pixels or a StudioError, never a crash', () => {
  test.each([
    ['png', () => encodeScene().png()],
    ['jpeg', () => encodeScene().withMetadata({ orientation: 3 }).jpeg()],
    ['webp', () => encodeScene().webp()],
    ['gif', () => encodeScene().gif()],
    ['avif', () => encodeScene().avif({ effort: 0 })],
    ['tiff', () => encodeScene().withIccProfile('p3').tiff({ compression: 'lzw' })],
  ])(`%s, ${mutationsPerFormat} times`, async (format, encode) => {
    const original = await encode().toBuffer();
    const random = seededRandom(format.length * 1000 + original.length);
    let refused = 0;
    for (let index = 0; index < mutationsPerFormat; index++) {
      try {
        const pixels = await decodeImage(mutate(original, random), limits);
        expect(pixels.data.length).toBe(pixels.width * pixels.height * 3);
      } catch (error) {
        if (!(error instanceof StudioError))
          throw new Error(`${format} mutation ${index} was not refused properly`, { cause: error });
        refused += 1;
      }
    }
    // Both outcomes happen: otherwise the damage is too weak or too strong to show anything.
    expect(refused).toBeGreaterThan(10);
    expect(refused).toBeLessThan(mutationsPerFormat);
  });
});
