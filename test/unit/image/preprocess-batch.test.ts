import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ImageInput } from '../../../contract/pack.ts';
import { preprocessBatch } from '../../../main/image/preprocess-batch.ts';
import { preprocessImage } from '../../../main/image/preprocess-image.ts';

const input: ImageInput = { width: 2, height: 2, mean: [0, 0, 0], std: [1, 1, 1], resample: 'bicubic', fit: 'crop' };
const preprocess = (source: string | Uint8Array): ReturnType<typeof preprocessImage> => preprocessImage(source, input);
const quiet = new AbortController().signal;

const grey = (value: number): Promise<Buffer> =>
  sharp({ create: { width: 2 + value, height: 2 + value, channels: 3, background: { r: value, g: value, b: value } } })
    .png()
    .toBuffer();

describe('preprocessBatch', () => {
  test('keeps the order, whatever takes longest', async () => {
    const sources = await Promise.all([200, 3, 150, 1, 2].map(grey));
    const seen: number[] = [];
    for await (const one of preprocessBatch(sources, { preprocess, ahead: 3, signal: quiet })) {
      expect(one.index).toBe(seen.length);
      seen.push(Math.round((one.tensor?.data[0] ?? -1) * 255));
    }
    expect(seen).toEqual([200, 3, 150, 1, 2]);
  });

  test('a bad picture gives its error and the others go on', async () => {
    const sources = [await grey(10), Buffer.from('nonsense'), '/nowhere/at/all.png', await grey(20)];
    const results = [];
    for await (const one of preprocessBatch(sources, { preprocess, ahead: 2, signal: quiet })) results.push(one);
    expect(results.map((one) => one.error?.code ?? 'fine')).toEqual(['fine', 'image-unreadable', 'file-unreadable', 'fine']);
  });

  test('an abort ends it with the signal’s reason', async () => {
    const controller = new AbortController();
    const sources = await Promise.all([1, 2, 3, 4].map(grey));
    const read = async (): Promise<void> => {
      for await (const one of preprocessBatch(sources, { preprocess, ahead: 2, signal: controller.signal })) {
        if (one.index === 1) controller.abort(new Error('enough'));
      }
    };
    await expect(read()).rejects.toThrow('enough');
  });
});
