import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunContext } from '../../../main/running/run-context.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import { DiffusionPipeline } from '../../../main/text-to-image/diffusion-pipeline.ts';
import type { VariantPicture, VariantsRequest } from '../../../main/text-to-image/generate-request.ts';
import { generateAll } from './generate-all.ts';

const folder = fileURLToPath(new URL('../../fixtures/models/tiny-stable-diffusion', import.meta.url));
const request: VariantsRequest = {
  prompts: [{ text: 'a red cat on the beach' }, { text: 'cat' }, { text: '' }, { text: 'red '.repeat(90) }],
  seeds: [1, 5, 9],
  negative: { text: 'blue' },
  steps: 2,
  guidanceScale: 3,
  scheduler: 'ddim',
};

let pipeline: DiffusionPipeline;
beforeAll(async () => {
  pipeline = await DiffusionPipeline.open(folder, (path) => openOnnxSession(path, { device: 'cpu', threads: 1 }));
});
afterAll(() => pipeline.release());

async function drawAll(changes: Partial<VariantsRequest> = {}, context: RunContext = quietContext): Promise<VariantPicture[]> {
  const all: VariantPicture[] = [];
  for await (const pictures of pipeline.drawVariants({ ...request, ...changes }, context)) all.push(...pictures);
  return all;
}

describe('drawVariants', () => {
  it.each([3, 1])('draws every text at every seed as it would alone, with guidance %d', async (guidanceScale) => {
    const all = await drawAll({ guidanceScale });
    expect(all.map(({ promptIndex, seed }) => `${promptIndex} ${seed}`)).toEqual(
      [0, 1, 2, 3].flatMap((promptIndex) => [1, 5, 9].map((seed) => `${promptIndex} ${seed}`)),
    );
    for (const { promptIndex, seed, image } of all) {
      const { negative, steps, scheduler } = request;
      const prompt = request.prompts[promptIndex] ?? { text: '' };
      const alone = { prompt, negative, steps, guidanceScale, seed, count: 1, scheduler };
      const { pictures } = await generateAll(pipeline, alone, quietContext);
      expect(Buffer.from(image.data).equals(Buffer.from(pictures[0]?.image.data ?? []))).toBe(true);
    }
  });

  it('counts finished pictures and never falls back', async () => {
    const seen: { fraction: number; step: number; steps: number }[] = [];
    await drawAll({}, { ...quietContext, onProgress: ({ fraction, step, steps }) => seen.push({ fraction, step, steps }) });
    expect(seen.map(({ fraction }) => fraction)).toEqual(seen.map(({ fraction }) => fraction).toSorted((a, b) => a - b));
    expect(seen.at(-1)).toEqual({ fraction: 1, step: 12, steps: 12 });
  });

  it('stops between two runs', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    const context = { ...quietContext, signal: stop.signal, onProgress: () => stop.abort(reason) };
    await expect(drawAll({}, context)).rejects.toBe(reason);
  });
});
