import { fileURLToPath } from 'node:url';
import type { CaptionerRole } from '../../../contract/models/text-roles.ts';

/** Made by tooling/golden/make_transformers_fixtures.py. */
export const tinyCaptionerFolder = fileURLToPath(new URL('../../fixtures/models/tiny-captioner', import.meta.url));

export const tinyCaptionerRole: CaptionerRole = {
  layout: 'transformers.js',
  model: 'vision-encoder-decoder',
  graphs: { encoder_model: 'onnx/encoder_model.onnx', decoder_model_merged: 'onnx/decoder_model_merged.onnx' },
  tokenizer: '.',
};
