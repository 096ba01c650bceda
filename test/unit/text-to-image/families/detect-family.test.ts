import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openOnnxSession } from '../../../../main/tensor/onnx-session.ts';
import { createDenoiser } from '../../../../main/text-to-image/denoiser.ts';
import { detectFamily } from '../../../../main/text-to-image/families/detect-family.ts';
import { stableDiffusion1 } from '../../../../main/text-to-image/families/stable-diffusion-1.ts';

const found = { className: 'StableDiffusionPipeline', parts: ['unet', 'vae', 'text_encoder'], additionEmbedding: null };

describe('detectFamily', () => {
  it('knows Stable Diffusion 1.x, with an embedding made inside the graph, and where nothing is told', () => {
    expect(detectFamily('here', found)).toBe(stableDiffusion1);
    expect(detectFamily('here', { ...found, additionEmbedding: 'text' })).toBe(stableDiffusion1);
    expect(detectFamily('here', { className: null, parts: [], additionEmbedding: null })).toBe(stableDiffusion1);
  });

  it('tells what was found of another family, by its parts or by its config alone', () => {
    const flux = { className: 'FluxPipeline', parts: ['transformer', 'text_encoder', 'text_encoder_2'], additionEmbedding: null };
    expect(() => detectFamily('here', flux)).toThrow(
      expect.objectContaining({
        code: 'pack-invalid',
        message: expect.stringContaining('is a FluxPipeline with a transformer and a text_encoder_2') as string,
        details: { path: 'here', pipeline: 'FluxPipeline', parts: flux.parts.join(', '), foreign: 'transformer, text_encoder_2' },
      }),
    );
    expect(() => detectFamily('here', { className: null, parts: [], additionEmbedding: 'text_time' })).toThrow(
      'is a model with a text_time embedding',
    );
  });
});

describe('the rules of a family', () => {
  it('refuse a denoiser that takes more than they give, by name', async () => {
    const path = fileURLToPath(new URL('../../../fixtures/models/tiny-stable-diffusion/unet/model.onnx', import.meta.url));
    const session = await openOnnxSession(path, { device: 'cpu', threads: 1 });
    const more = {
      ...session,
      inputs: [...session.inputs, { name: 'time_ids', dtype: 'float32', shape: ['batch', 6] } as const],
    };
    const text = { dtype: 'float32', shape: [1, 77, 32], data: new Float32Array(77 * 32) } as const;
    const inputs = {
      shape: [1, 4, 4, 4],
      conditioning: { encoder_hidden_states: text },
      guidanceScale: 1,
      beforeRun: () => Promise.resolve(),
    } as const;
    expect(() => createDenoiser(more, stableDiffusion1, inputs)).toThrow('also takes time_ids');
    expect(createDenoiser(session, stableDiffusion1, inputs).input).toHaveLength(64);
    await session.release();
  });
});
