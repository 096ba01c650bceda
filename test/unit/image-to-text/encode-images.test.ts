import { describe, expect, test } from 'vitest';
import { encodeImages } from '../../../main/image-to-text/encode-images.ts';
import type { EncodedImage } from '../../../main/image-to-text/encode-images.ts';
import { ImageEncoder } from '../../../main/image-to-text/image-encoder.ts';
import { preprocessImage } from '../../../main/image/preprocess-image.ts';
import { quietContext } from '../../../main/run-context.ts';
import { openOnCpu, redAndGreenPng, tinyEncoderFolder, tinyEncoderRole } from './tiny-encoder.ts';

const encoder = ImageEncoder.open(tinyEncoderFolder, tinyEncoderRole, openOnCpu);
const options = { lengths: [2], preprocess: (source: Uint8Array) => preprocessImage(source, tinyEncoderRole.image) };

describe('encodeImages', () => {
  test('keeps the order over many batches, with errors in their places and progress that ends at 1', async () => {
    const good = await redAndGreenPng();
    const sources = Array.from({ length: 70 }, (_, index) => (index % 7 === 3 ? Buffer.from('broken') : good));
    const fractions: number[] = [];
    const results: EncodedImage[] = [];
    const context = { ...quietContext, onProgress: ({ fraction }: { fraction: number }) => fractions.push(fraction) };
    for await (const batch of encodeImages(encoder, sources, options, context)) results.push(...batch);
    expect(results.map((result) => result.index)).toEqual(sources.map((_, index) => index));
    for (const { index, lengths, error } of results) {
      if (index % 7 === 3) expect(error?.code).toBe('image-unreadable');
      else expect(lengths?.[0]?.tokenIds[0]).toBe(0);
    }
    expect(fractions).toEqual([...fractions].sort((first, second) => first - second));
    expect(fractions.at(-1)).toBe(1);
  });

  test('nothing but broken images needs no run', async () => {
    const results: EncodedImage[] = [];
    for await (const batch of encodeImages(encoder, [Buffer.from('a'), Buffer.from('b')], options, quietContext)) {
      results.push(...batch);
    }
    expect(results.map((result) => result.error?.code)).toEqual(['image-unreadable', 'image-unreadable']);
  });

  test('leaving early and aborting both stop it', async () => {
    const good = await redAndGreenPng();
    const controller = new AbortController();
    const sources = Array.from({ length: 120 }, () => good);
    const read = async (): Promise<void> => {
      for await (const [first] of encodeImages(encoder, sources, options, { ...quietContext, signal: controller.signal })) {
        if ((first?.index ?? 0) >= 5) controller.abort(new Error('enough'));
      }
    };
    await expect(read()).rejects.toThrow('enough');
  });
});
