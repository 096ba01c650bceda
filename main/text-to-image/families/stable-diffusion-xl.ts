import type { DecoderFamily } from './decoder-family.ts';

/**
 * Stable Diffusion XL, its Turbo and Lightning, and what was trained or cut down in their layout: two CLIP text encoders of which the second tells
 * a vector as well, sizes as numbers. The refiner, which has one encoder, is none of them.
 */
export const stableDiffusionXl: DecoderFamily = {
  id: 'stable-diffusion-xl',
  label: 'Stable Diffusion XL',
  parts: [
    'scheduler',
    'text_encoder',
    'text_encoder_2',
    'tokenizer',
    'tokenizer_2',
    'unet',
    'vae',
    'vae_decoder',
    'vae_encoder',
    'feature_extractor',
    'image_encoder',
  ],
  requiredParts: ['text_encoder', 'text_encoder_2'],
  denoiserClasses: ['UNet2DConditionModel', null],
  additionEmbeddings: ['text_time'],
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
    { component: 'text_encoder', tokenizer: 'tokenizer', kind: 'clip', reads: 'first', states: 'penultimate', pooled: null },
    {
      component: 'text_encoder_2',
      tokenizer: 'tokenizer_2',
      kind: 'clip',
      reads: 'second',
      states: 'penultimate',
      pooled: 'text_embeds',
    },
  ],
  conditions: {
    encoder_hidden_states: { from: 'text', blocks: [['text_encoder', 'text_encoder_2']], position: 2 },
    text_embeds: { from: 'pooled', encoders: ['text_encoder_2'] },
    time_ids: { from: 'sizes' },
    timestep_cond: { from: 'guidance', as: 'waves' },
  },
  defaults: {
    latentChannels: 4,
    latentScale: 0.13025,
    latentShift: 0,
    sampleSize: 128,
    levels: 3,
    zeroesEmptyNegative: true,
  },
  // Fitted by ComfyUI (comfy/latent_formats.py, SDXL).
  preview: {
    scale: 0.13025,
    colours: [
      [0.3651, 0.4232, 0.4341],
      [-0.2533, -0.0042, 0.1068],
      [0.1076, 0.1111, -0.0362],
      [-0.3165, -0.2492, -0.2188],
    ],
    base: [0.1084, -0.0175, -0.0011],
  },
};
