import type { DecoderFamily } from './decoder-family.ts';

/**
 * Stable Diffusion 1.x and 2.x, and what was distilled or trained in their layout: one CLIP text encoder, a U-Net, a VAE. Which of noise,
 * velocity or the picture the U-Net predicts stands in the scheduler's config.
 */
export const stableDiffusion1: DecoderFamily = {
  id: 'stable-diffusion-1',
  label: 'Stable Diffusion 1.x and 2.x',
  parts: [
    'scheduler',
    'text_encoder',
    'tokenizer',
    'unet',
    'vae',
    'vae_decoder',
    'vae_encoder',
    'safety_checker',
    'feature_extractor',
    'image_encoder',
  ],
  requiredParts: [],
  denoiserClasses: ['UNet2DConditionModel', null],
  // `text` is made inside the graph, from the hidden states it gets anyway.
  additionEmbeddings: [null, 'text'],
  denoiser: {
    component: 'unet',
    sample: ['sample'],
    timestep: ['timestep'],
    output: ['out_sample'],
    timestepScale: 1,
    patchSide: 1,
    takesPatches: false,
  },
  guidesByPairs: true,
  evenNoiseLevels: false,
  textEncoders: [
    { component: 'text_encoder', tokenizer: 'tokenizer', kind: 'clip', reads: 'first', states: 'last', pooled: null },
  ],
  conditions: {
    encoder_hidden_states: { from: 'text', blocks: [['text_encoder']], position: 2 },
    timestep_cond: { from: 'guidance', as: 'waves' },
  },
  defaults: {
    latentChannels: 4,
    latentScale: 0.18215,
    latentShift: 0,
    sampleSize: 64,
    levels: 4,
    zeroesEmptyNegative: false,
  },
  // Fitted by ComfyUI (comfy/latent_formats.py, SD15).
  preview: {
    scale: 0.18215,
    colours: [
      [0.3512, 0.2297, 0.3227],
      [0.325, 0.4974, 0.235],
      [-0.2829, 0.1762, 0.2721],
      [-0.212, -0.2616, -0.7177],
    ],
    base: [0, 0, 0],
  },
};
