import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { preprocessBatches } from '../../../main/image/preprocess-batches.ts';
import { fitImage } from '../../../main/image/decode/fit-image.ts';
import type { Pixels } from '../../../main/image/pixels.ts';

const input = { width: 2, height: 2, resample: 'bicubic', fit: 'crop' } as const;
const fit = (source: string | Uint8Array): Promise<Pixels> => fitImage(source, input);
const quiet = new AbortController().signal;

const grey = (value: number): Promise<Buffer> =>
  sharp({ create: { width: 2 + value, height: 2 + value, channels: 3, background: { r: value, g: value, b: value } } })
    .png()
    .toBuffer();

const several = (): { least: number; most: number } => ({ least: 1, most: 3 });

describe('preprocessBatches', () => {
  test('keeps the order, whatever takes longest', async () => {
    const sources = await Promise.all([200, 3, 150, 1, 2].map(grey));
    const seen: number[] = [];
    for await (const batch of preprocessBatches(sources, { fit, ahead: 3, size: several, signal: quiet })) {
      expect(batch.length).toBeLessThanOrEqual(3);
      for (const one of batch) {
        expect(one.index).toBe(seen.length);
        seen.push(one.pixels?.data[0] ?? -1);
      }
    }
    expect(seen).toEqual([200, 3, 150, 1, 2]);
  });

  test('gives what is ready and waits for no more, except for the least that is asked for', async () => {
    const picture = await grey(9);
    const pixels = await fit(picture);
    const waiting: (() => void)[] = [];
    const slowFromThird = (index: number): Promise<Pixels> =>
      index < 2 ? Promise.resolve(pixels) : new Promise((resolve) => waiting.push(() => resolve(pixels)));
    const batches = preprocessBatches([0, 1, 2, 3, 4], {
      fit: slowFromThird,
      ahead: 5,
      size: () => ({ least: waiting.length === 0 ? 1 : 2, most: 5 }),
      signal: quiet,
    });
    const next = async (): Promise<number[]> => ((await batches.next()).value ?? []).map(({ index }) => index);
    expect((await next())[0]).toBe(0);
    const second = next();
    waiting.forEach((finish) => finish());
    expect((await second).length).toBeGreaterThanOrEqual(2);
    await batches.return();
  });

  test('a bad picture gives its error and the others go on', async () => {
    const sources = [await grey(10), Buffer.from('nonsense'), '/nowhere/at/all.png', await grey(20)];
    const results = [];
    for await (const batch of preprocessBatches(sources, { fit, ahead: 2, size: several, signal: quiet })) results.push(...batch);
    expect(results.map((one) => one.error?.code ?? 'fine')).toEqual(['fine', 'image-unreadable', 'file-unreadable', 'fine']);
  });

  test('an abort ends it with the signal’s reason', async () => {
    const controller = new AbortController();
    const sources = await Promise.all([1, 2, 3, 4].map(grey));
    const options = { fit, ahead: 2, size: () => ({ least: 1, most: 1 }), signal: controller.signal };
    const read = async (): Promise<void> => {
      for await (const [one] of preprocessBatches(sources, options)) {
        if (one?.index === 1) controller.abort(new Error('enough'));
      }
    };
    await expect(read()).rejects.toThrow('enough');
  });
});
