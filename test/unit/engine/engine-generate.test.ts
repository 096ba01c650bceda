import { afterAll, describe, expect, test, vi } from 'vitest';
import type { EngineGeneratedImage, EnginePreview } from '../../../main/engine/engine-client.ts';
import { decodeImage } from '../../../main/image/decode/decode-image.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import {
  originalPicture as original,
  tinyGenerate as request,
  tinyPackFolder as packFolder,
  tinyScorer as scorer,
} from './tiny-generate.ts';
import { createTestEngine } from './tiny-engine.ts';

// A process starts in half a second on a quiet machine, and in twenty on one that trains and builds meanwhile.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

describe('drawing in the engine', () => {
  const engine = createTestEngine();
  afterAll(() => engine.close());

  test('gives a PNG of the size asked for, the ids that were fed, and the device', async () => {
    const { images, tokenIds, tokenWeights, timing } = await engine.generate(request, quietContext);
    expect(images.map(({ imageIndex, seed, width, height, fidelity }) => [imageIndex, seed, width, height, fidelity])).toEqual([
      [0, 7, 32, 32, null],
    ]);
    const pixels = await decodeImage(images[0]?.png ?? new Uint8Array());
    expect([pixels.width, pixels.height]).toEqual([32, 32]);
    expect(tokenIds.length).toBeGreaterThan(0);
    expect(tokenWeights).toEqual(tokenIds.map(() => 1));
    expect(images[0]?.device).toBe('cpu');
    expect(timing.wallMs).toBeGreaterThan(timing.runtimeMs);
  });

  test('names the device it was drawn on, though another one is wished for by then', async () => {
    const drawing = createTestEngine();
    const devices: string[] = [];
    const onImage = (image: EngineGeneratedImage): void => {
      devices.push(image.device);
      drawing.setDevice('webgpu', 'a faster one was found');
    };
    await drawing.generate({ ...request, guidance: 1, count: 2 }, { ...quietContext, onImage });
    expect(devices).toEqual(['cpu', 'cpu']);
    await drawing.close();
  });

  test('exact ids draw what their text draws, bit for bit, and picture i of many is the one of seed + i', async () => {
    const fromText = await engine.generate({ ...request, seed: 8 }, quietContext);
    const prompt = { type: 'tokens' as const, tokenIds: [...fromText.tokenIds], tokenWeights: [...fromText.tokenWeights] };
    const { images } = await engine.generate({ ...request, prompt, count: 3 }, quietContext);
    expect(images.map(({ imageIndex, seed }) => [imageIndex, seed])).toEqual([
      [0, 7],
      [1, 8],
      [2, 9],
    ]);
    expect(Buffer.from(images[1]?.png ?? []).equals(Buffer.from(fromText.images[0]?.png ?? []))).toBe(true);
  });

  test('weights are read as it is asked for', async () => {
    const { tokenIds } = await engine.generate(request, quietContext);
    const prompt = { type: 'tokens' as const, tokenIds: [...tokenIds], tokenWeights: tokenIds.map((_, index) => 1 + index / 2) };
    const own = await engine.generate({ ...request, prompt }, quietContext);
    const other = await engine.generate({ ...request, prompt, emphasis: 'comfyui' }, quietContext);
    expect(Buffer.from(other.images[0]?.png ?? []).equals(Buffer.from(own.images[0]?.png ?? []))).toBe(false);
  });

  test('previews come before their picture, pictures before the end, and progress rises to 1', async () => {
    const order: string[] = [];
    const fractions: number[] = [];
    const phases = new Set<string>();
    const context = {
      ...quietContext,
      onProgress: (progress: { fraction: number; phase: string }) => {
        fractions.push(progress.fraction);
        phases.add(progress.phase);
      },
      onPreview: ({ imageIndex, step, png }: EnginePreview) => {
        expect(png.length).toBeGreaterThan(50);
        expect(step).toBeGreaterThan(0);
        order.push(`preview of ${imageIndex}`);
      },
      onImage: ({ imageIndex }: EngineGeneratedImage) => order.push(`picture ${imageIndex}`),
    };
    // Without guidance pictures are drawn one by one.
    await engine.generate({ ...request, count: 2, guidance: 1, previews: true, fidelity: { scorer, original } }, context);
    expect(order.indexOf('preview of 0')).toBeGreaterThanOrEqual(0);
    expect(order.indexOf('preview of 0')).toBeLessThan(order.indexOf('picture 0'));
    expect(order.indexOf('picture 0')).toBeLessThan(order.indexOf('preview of 1'));
    expect(order.at(-1)).toBe('picture 1');
    expect(fractions).toEqual([...fractions].sort((first, second) => first - second));
    expect(fractions.at(-1)).toBe(1);
    expect([...phases]).toEqual(['loading', 'encoding', 'denoising', 'decoding', 'scoring']);
  });

  test('scores pictures against the original as a score request does', async () => {
    const { images } = await engine.generate({ ...request, count: 2, fidelity: { scorer, original } }, quietContext);
    const scores = await engine.score(
      { packFolder, scorer, original, candidates: [...images.map(({ png }) => png), original] },
      quietContext,
    );
    images.forEach(({ fidelity }, index) => expect(fidelity).toBeCloseTo(scores[index] ?? Number.NaN, 5));
    expect(scores[2]).toBeCloseTo(1, 5);
  });

  test('starts from a picture of any size', async () => {
    const { images } = await engine.generate({ ...request, init: { source: original, strength: 0.5 } }, quietContext);
    const plain = await engine.generate(request, quietContext);
    expect(images).toHaveLength(1);
    expect(Buffer.from(images[0]?.png ?? []).equals(Buffer.from(plain.images[0]?.png ?? []))).toBe(false);
  });

  test('passes on what cannot be drawn', async () => {
    await expect(engine.generate({ ...request, width: 33 }, quietContext)).rejects.toMatchObject({ code: 'bad-request' });
    const init = { source: '/nowhere/lost.png', strength: 0.5 };
    await expect(engine.generate({ ...request, init }, quietContext)).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  test('a cancel ends it between two steps in the same process', async () => {
    const before = engine.processId();
    const controller = new AbortController();
    const context = {
      ...quietContext,
      signal: controller.signal,
      onProgress: ({ phase }: { phase: string }) => {
        if (phase === 'denoising') controller.abort();
      },
    };
    await expect(engine.generate({ ...request, steps: 200 }, context)).rejects.toMatchObject({ name: 'AbortError' });
    expect(engine.status().state).toBe('idle');
    expect(engine.processId()).toBe(before);
  });
});
