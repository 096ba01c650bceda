import type { DecoderFamily } from './decoder-family.ts';

/**
 * Flux.1 and what was trained in its layout: a transformer over patches, trained as a flow; a CLIP text encoder for one vector and a T5 for the
 * words. Guidance is told to it (dev) or not at all (schnell).
 */
export const flux: DecoderFamily = {
  id: 'flux',
  label: 'Flux.1',
  parts: [
    'scheduler',
    'text_encoder',
    'text_encoder_2',
    'tokenizer',
    'tokenizer_2',
    'transformer',
    'vae',
    'vae_decoder',
    'vae_encoder',
    'feature_extractor',
    'image_encoder',
  ],
  requiredParts: ['text_encoder', 'text_encoder_2', 'transformer'],
  denoiserClasses: ['FluxTransformer2DModel'],
  additionEmbeddings: [null],
  denoiser: {
    component: 'transformer',
    sample: ['hidden_states'],
    timestep: ['timestep'],
    output: ['out_hidden_states'],
    timestepScale: 1 / 1000,
    patchSide: 2,
    takesPatches: true,
  },
  guidesByPairs: false,
  evenNoiseLevels: true,
  textEncoders: [
    {
      component: 'text_encoder',
      tokenizer: 'tokenizer',
      kind: 'clip',
      reads: 'first',
      states: null,
      pooled: 'pooler_output',
    },
    {
      component: 'text_encoder_2',
      tokenizer: 'tokenizer_2',
      kind: 't5',
      reads: 'second',
      states: 'last',
      pooled: null,
      rowLength: 512,
    },
  ],
  conditions: {
    encoder_hidden_states: { from: 'text', blocks: [['text_encoder_2']], position: null },
    pooled_projections: { from: 'pooled', encoders: ['text_encoder'] },
    txt_ids: { from: 'places', of: 'text' },
    img_ids: { from: 'places', of: 'picture' },
    guidance: { from: 'guidance', as: 'number' },
  },
  defaults: {
    latentChannels: 16,
    latentScale: 0.3611,
    latentShift: 0.1159,
    sampleSize: 128,
    levels: 4,
    zeroesEmptyNegative: false,
  },
  // Fitted by ComfyUI (comfy/latent_formats.py, Flux).
  preview: {
    scale: 0.3611,
    colours: [
      [-0.0346, 0.0244, 0.0681],
      [0.0034, 0.021, 0.0687],
      [0.0275, -0.0668, -0.0433],
      [-0.0174, 0.016, 0.0617],
      [0.0859, 0.0721, 0.0329],
      [0.0004, 0.0383, 0.0115],
      [0.0405, 0.0861, 0.0915],
      [-0.0236, -0.0185, -0.0259],
      [-0.0245, 0.025, 0.118],
      [0.1008, 0.0755, -0.0421],
      [-0.0515, 0.0201, 0.0011],
      [0.0428, -0.0012, -0.0036],
      [0.0817, 0.0765, 0.0749],
      [-0.1264, -0.0522, -0.1103],
      [-0.028, -0.0881, -0.0499],
      [-0.1262, -0.0982, -0.0778],
    ],
    base: [-0.0329, -0.0718, -0.0851],
  },
};
