import { fileURLToPath } from 'node:url';
import type { DecoderRole, ScorerRole } from '../../../contract/models/pack.ts';
import type { EngineGenerateRequest } from '../../../main/engine/protocol.ts';

/** The Stable Diffusion and CLIP of tooling/golden/make_model_fixtures.py: true layouts, tiny and untrained. */
export const tinyPackFolder = fileURLToPath(new URL('../../fixtures/models', import.meta.url));
const decoder: DecoderRole = {
  layout: 'diffusers',
  folder: 'tiny-stable-diffusion',
  image: { width: 32, height: 32, multipleOf: 8 },
  defaults: { steps: 4, guidance: 3, scheduler: 'ddim', negative: '' },
};
export const tinyScorer: ScorerRole = {
  vision: 'tiny-scorer/vision_model.onnx',
  text: 'tiny-scorer/text_model.onnx',
  tokenizer: 'tiny-scorer/tokenizer',
  image: { width: 16, height: 16, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], resample: 'bicubic', fit: 'crop' },
};
export const originalPicture = fileURLToPath(new URL('../../fixtures/images/wide.png', import.meta.url));
/** One picture of 32 × 32 in four steps. */
export const tinyGenerate: EngineGenerateRequest = {
  packFolder: tinyPackFolder,
  decoder,
  prompt: { type: 'text', text: 'a red fox' },
  negative: '',
  steps: 4,
  guidance: 3,
  seed: 7,
  count: 1,
  scheduler: 'ddim',
  width: 32,
  height: 32,
  init: null,
  fidelity: null,
  previews: false,
};
