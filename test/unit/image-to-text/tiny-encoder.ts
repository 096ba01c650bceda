import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { EncoderRole } from '../../../contract/models/pack.ts';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import type { OpenSession } from '../../../main/tensor/session.ts';

/** The encoder of tooling/golden/make_tiny_encoder.py: 2 × 2 patches, words red, green and blue. */
export const tinyEncoderFolder = fileURLToPath(new URL('../../fixtures/models/tiny-encoder', import.meta.url));

export const tinyEncoderRole: EncoderRole = {
  backbone: { file: 'backbone.onnx' },
  heads: { '2': { file: 'pooler_2.onnx' }, '5': { file: 'pooler_5.onnx' } },
  tokenizer: 'tokenizer',
  image: { width: 8, height: 8, mean: [0, 0, 0], std: [1, 1, 1], resample: 'bicubic', fit: 'crop' },
  patchGrid: { rows: 2, columns: 2 },
  topK: 4,
};

export const openOnCpu: OpenSession = (path) => openOnnxSession(path, { device: 'cpu' });

/** A PNG of 8 × 8: red in the upper left quarter, green in the lower right, black elsewhere. */
export function redAndGreenPng(): Promise<Buffer> {
  const colours = Array.from({ length: 64 }, (_, index) => {
    const [x, y] = [index % 8, Math.floor(index / 8)];
    if (x < 4 && y < 4) return [255, 0, 0];
    return x >= 4 && y >= 4 ? [0, 255, 0] : [0, 0, 0];
  });
  return sharp(Buffer.from(colours.flat()), { raw: { width: 8, height: 8, channels: 3 } })
    .png()
    .toBuffer();
}
