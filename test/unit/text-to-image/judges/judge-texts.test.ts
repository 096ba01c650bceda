import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quietContext } from '../../../../main/running/run-context.ts';
import { openOnnxSession } from '../../../../main/tensor/onnx-session.ts';
import { DiffusionPipeline } from '../../../../main/text-to-image/diffusion-pipeline.ts';
import type { CellWeights } from '../../../../main/text-to-image/judges/judge-texts.ts';

const toy = fileURLToPath(new URL('../../../fixtures/models/tiny-stable-diffusion', import.meta.url));
let pipeline: DiffusionPipeline;
let original: Float32Array;
beforeAll(async () => {
  pipeline = await DiffusionPipeline.open(toy, (path) => openOnnxSession(path, { device: 'cpu', threads: 1 }));
  const { latentChannels, defaultWidth, defaultHeight, scaleFactor } = pipeline.config;
  const size = latentChannels * (defaultWidth / scaleFactor) * (defaultHeight / scaleFactor);
  original = Float32Array.from({ length: size }, (_, at) => Math.sin(at));
});
afterAll(() => pipeline.release());

const judge = async (cells?: CellWeights): Promise<number> => {
  const looks = [{ seed: 3, level: 0.6 }];
  const order = { texts: [{ text: 'a dog' }], looks, original, ...(cells === undefined ? {} : { cells }) };
  return (await pipeline.judge(order, quietContext)).losses[0] ?? NaN;
};

it('the loss of a part is the mean of its cells: two halves make the whole', async () => {
  const half = (weights: readonly number[]): CellWeights => ({ rows: 1, columns: 2, weights: Float32Array.from(weights) });
  const [whole, left, right] = [await judge(), await judge(half([1, 0])), await judge(half([0, 1]))];
  expect(left).not.toBeCloseTo(right, 5);
  expect((left + right) / 2).toBeCloseTo(whole, 5);
  expect(await judge(half([2, 2]))).toBeCloseTo(whole, 6);
});

it('nothing to judge by is told', async () => {
  const cells = { rows: 1, columns: 1, weights: Float32Array.of(0) };
  await expect(judge(cells)).rejects.toMatchObject({ code: 'bad-request' });
});
