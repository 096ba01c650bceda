import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openOnnxSession } from '../../../../main/tensor/onnx-session.ts';
import { createDenoiser } from '../../../../main/text-to-image/denoiser.ts';
import { detectFamily } from '../../../../main/text-to-image/families/detect-family.ts';
import { stableDiffusion1 } from '../../../../main/text-to-image/families/stable-diffusion-1.ts';

const unet = 'UNet2DConditionModel';
const found = {
  className: 'StableDiffusionPipeline',
  parts: ['unet', 'vae', 'text_encoder'],
  denoiserClass: unet,
  additionEmbedding: null,
};
const pair = ['text_encoder', 'text_encoder_2', 'tokenizer', 'tokenizer_2'];

describe('detectFamily', () => {
  it('knows Stable Diffusion 1.x, with an embedding made inside the graph, and where nothing is told', () => {
    expect(detectFamily('here', found)).toBe(stableDiffusion1);
    expect(detectFamily('here', { ...found, additionEmbedding: 'text' })).toBe(stableDiffusion1);
    expect(detectFamily('here', { className: null, parts: [], denoiserClass: null, additionEmbedding: null })).toBe(
      stableDiffusion1,
    );
  });

  it('knows the other families by their parts, their denoiser and what it is told besides', () => {
    const familyOf = (parts: string[], denoiserClass: string | null, additionEmbedding: string | null = null): string =>
      detectFamily('here', { className: null, parts, denoiserClass, additionEmbedding }).id;
    expect(familyOf([...pair, 'unet'], unet, 'text_time')).toBe('stable-diffusion-xl');
    const triple = [...pair, 'text_encoder_3', 'tokenizer_3', 'transformer'];
    expect(familyOf(triple, 'SD3Transformer2DModel')).toBe('stable-diffusion-3');
    // Without its T5 it has the parts of Flux.
    expect(familyOf([...pair, 'transformer'], 'SD3Transformer2DModel')).toBe('stable-diffusion-3');
    expect(familyOf([...pair, 'transformer'], 'FluxTransformer2DModel')).toBe('flux');
  });

  it('tells what was found of another family, by its parts or by its config alone', () => {
    const parts = ['transformer', 'text_encoder', 'tokenizer'];
    const pixart = { className: 'PixArtPipeline', parts, denoiserClass: 'PixArtTransformer2DModel', additionEmbedding: null };
    expect(() => detectFamily('here', pixart)).toThrow(
      expect.objectContaining({
        code: 'pack-invalid',
        message: expect.stringContaining('is a PixArtPipeline with a transformer and with a PixArtTransformer2DModel') as string,
        details: {
          path: 'here',
          pipeline: 'PixArtPipeline',
          parts: parts.join(', '),
          foreign: 'with a transformer, with a PixArtTransformer2DModel',
        },
      }),
    );
    const refiner = {
      className: 'StableDiffusionXLImg2ImgPipeline',
      parts: ['text_encoder_2', 'tokenizer_2', 'unet'],
      denoiserClass: unet,
      additionEmbedding: 'text_time',
    };
    expect(() => detectFamily('here', refiner)).toThrow('without a text_encoder');
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
      size: { width: 32, height: 32 },
      shown: null,
      beforeRun: () => Promise.resolve(),
    } as const;
    expect(() => createDenoiser(more, stableDiffusion1, inputs)).toThrow('also takes time_ids');
    expect(createDenoiser(session, stableDiffusion1, inputs).input).toHaveLength(64);
    await session.release();
  });
});
