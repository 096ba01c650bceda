import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { ImageInput } from '../../../contract/pack.ts';
import { defaultImageLimits } from '../../../main/image/image-limits.ts';
import { preprocessImage } from '../../../main/image/preprocess-image.ts';
import { PreprocessThread } from '../../../main/image/preprocess-thread.ts';

const input: ImageInput = {
  width: 16,
  height: 16,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  resample: 'bicubic',
  fit: 'crop',
};
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/images/${name}`, import.meta.url));

describe('PreprocessThread', () => {
  const thread = new PreprocessThread();
  afterAll(() => thread.close());

  test('gives what preprocessImage gives, many at once', async () => {
    const names = Array.from({ length: 12 }, (_, index) => ['wide.png', 'odd.jpg', 'small.png'][index % 3] ?? '');
    const tensors = await Promise.all(names.map((name) => thread.preprocess(fixture(name), input, defaultImageLimits)));
    for (const [index, tensor] of tensors.entries()) {
      expect(tensor).toEqual(await preprocessImage(fixture(names[index] ?? ''), input));
    }
  });

  test('gives errors as they were thrown', async () => {
    await expect(thread.preprocess(Buffer.from('nonsense'), input, defaultImageLimits)).rejects.toMatchObject({
      name: 'StudioError',
      code: 'image-unreadable',
    });
  });

  test('an end of the thread rejects what waits, and the next order starts a new one', async () => {
    const waiting = thread.preprocess(fixture('wide.png'), input, defaultImageLimits);
    const ended = expect(waiting).rejects.toThrow('ended');
    await new Promise((resolve) => setImmediate(resolve));
    await thread.close();
    await ended;
    await expect(thread.preprocess(fixture('wide.png'), input, defaultImageLimits)).resolves.toMatchObject({
      shape: [1, 3, 16, 16],
    });
  });
});
