import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietContext } from '../../../main/running/run-context.ts';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import { DiffusionPipeline } from '../../../main/text-to-image/diffusion-pipeline.ts';
import type { PromptInput } from '../../../main/text-to-image/generate-request.ts';
import { mixConditioning } from '../../../main/text-to-image/mix-conditioning.ts';

const tensor = (...data: number[]) => ({ dtype: 'float32' as const, shape: [1, data.length], data: Float32Array.from(data) });

describe('what two texts tell a denoiser', () => {
  it('lies on the line between them, input by input', () => {
    const mixed = mixConditioning({ states: tensor(0, 4), pooled: tensor(1) }, { states: tensor(8, 0), pooled: tensor(3) }, 0.25);
    expect([...(mixed['states']?.data ?? [])]).toEqual([2, 3]);
    expect([...(mixed['pooled']?.data ?? [])]).toEqual([1.5]);
  });
});

describe('a picture between two texts', { timeout: 60_000 }, () => {
  const toy = fileURLToPath(new URL('../../fixtures/models/tiny-stable-diffusion', import.meta.url));
  let pipeline: DiffusionPipeline;
  beforeAll(async () => {
    pipeline = await DiffusionPipeline.open(toy, (path) => openOnnxSession(path, { device: 'cpu', threads: 1 }));
  });
  afterAll(() => pipeline.release());

  async function draw(prompt: PromptInput, mixed?: { readonly prompt: PromptInput; readonly share: number }): Promise<number[]> {
    const order = { negative: { text: '' }, steps: 2, guidanceScale: 3, seed: 5, count: 1, scheduler: 'ddim' as const };
    const request = { prompt, ...order, ...(mixed === undefined ? {} : { mixed }) };
    for await (const { pictures } of pipeline.generate(request, quietContext)) return [...(pictures[0]?.image.data ?? [])];
    throw new Error('no picture');
  }
  const [dog, ship] = [{ text: 'a dog' }, { text: 'a ship at sea in a storm' }];

  it('is that of the one at a share of 0, that of the other at 1, and another in between', async () => {
    const [ofDog, ofShip] = [await draw(dog), await draw(ship)];
    expect(await draw(dog, { prompt: ship, share: 0 })).toEqual(ofDog);
    expect(await draw(dog, { prompt: ship, share: 1 })).toEqual(ofShip);
    const between = await draw(dog, { prompt: ship, share: 0.5 });
    expect(between).not.toEqual(ofDog);
    expect(between).not.toEqual(ofShip);
  });
});
