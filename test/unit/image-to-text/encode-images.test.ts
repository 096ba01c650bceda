import { describe, expect, test } from 'vitest';
import { encodeImages } from '../../../main/image-to-text/encode-images.ts';
import type { EncodedImage } from '../../../main/image-to-text/encode-images.ts';
import { takeImage } from '../../../main/image-to-text/encoded-length.ts';
import { ImageEncoder } from '../../../main/image-to-text/image-encoder.ts';
import { fitImage } from '../../../main/image/decode/fit-image.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { openOnCpu, redAndGreenPng, tinyEncoderFolder, tinyEncoderRole } from './tiny-encoder.ts';

const encoder = ImageEncoder.open(tinyEncoderFolder, tinyEncoderRole, openOnCpu);
const options = { lengths: [2], fit: (source: Uint8Array) => fitImage(source, tinyEncoderRole.image) };

describe('encodeImages', () => {
  test('keeps the order over many batches, with errors in their places and progress that ends at 1', async () => {
    const good = await redAndGreenPng();
    const sources = Array.from({ length: 70 }, (_, index) => (index % 7 === 3 ? Buffer.from('broken') : good));
    const fractions: number[] = [];
    const results: EncodedImage[] = [];
    const words = new Map<number, number | undefined>();
    const context = { ...quietContext, onProgress: ({ fraction }: { fraction: number }) => fractions.push(fraction) };
    for await (const batch of encodeImages(encoder, sources, options, context)) {
      results.push(...batch.images);
      for (const { index, place } of batch.images) {
        const [encoded] = batch.lengths;
        if (place !== null && encoded) words.set(index, takeImage(encoded, place, batch.read).tokenIds[0]);
      }
    }
    expect(results.map((result) => result.index)).toEqual(sources.map((_, index) => index));
    for (const { index, error } of results) {
      if (index % 7 === 3) expect(error?.code).toBe('image-unreadable');
      else expect(words.get(index)).toBe(0);
    }
    expect(fractions).toEqual([...fractions].sort((first, second) => first - second));
    expect(fractions.at(-1)).toBe(1);
  });

  test('nothing but broken images needs no run', async () => {
    const results: EncodedImage[] = [];
    for await (const batch of encodeImages(encoder, [Buffer.from('a'), Buffer.from('b')], options, quietContext)) {
      results.push(...batch.images);
    }
    expect(results.map((result) => result.error?.code)).toEqual(['image-unreadable', 'image-unreadable']);
  });

  test('leaving early and aborting both stop it', async () => {
    const good = await redAndGreenPng();
    const controller = new AbortController();
    const sources = Array.from({ length: 120 }, () => good);
    const read = async (): Promise<void> => {
      for await (const { images } of encodeImages(encoder, sources, options, { ...quietContext, signal: controller.signal })) {
        if ((images[0]?.index ?? 0) >= 5) controller.abort(new Error('enough'));
      }
    };
    await expect(read()).rejects.toThrow('enough');
  });
});
