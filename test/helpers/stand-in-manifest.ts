import type { ImageInput, PackManifest } from '../../contract/pack.ts';

const grid = { rows: 8, columns: 8 };
const image: ImageInput = {
  width: 64,
  height: 64,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  resample: 'bicubic',
  fit: 'crop',
};

export const standInManifest: PackManifest = {
  schemaVersion: 1,
  id: 'stand-in',
  name: 'Stand-in',
  version: '1.0.0',
  summary: 'A pack for tests.',
  licence: { spdx: 'MIT', file: 'LICENSE', notice: 'For tests.' },
  source: { repository: 'none', revision: 'none', command: 'none', seed: 0 },
  roles: {
    encoder: {
      backbone: { file: 'b.onnx' },
      heads: { '5': { file: '5.onnx' }, '15': { file: '15.onnx' }, '75': { file: '75.onnx' } },
      tokenizer: 'tokenizer',
      image,
      patchGrid: grid,
      topK: 3,
    },
    decoder: {
      layout: 'diffusers',
      folder: 'decoder',
      image: { width: 64, height: 64, multipleOf: 8 },
      defaults: { steps: 20, guidance: 3, scheduler: 'ddim', negative: '' },
    },
  },
  world: {
    describes: ['One or two things on a plain backdrop'],
    cannot: ['It does not know faces, text or photographs.'],
    objects: [{ word: 'fox', category: 'animal' }],
    styles: ['flat'],
    backdrops: ['snow'],
    colours: ['red'],
  },
  limits: { minImageSide: 8, maxTokens: 75 },
  minimumMemoryMb: 300,
  samples: [
    { file: 'samples/one.png', title: 'Fox' },
    { file: 'samples/two.png', title: 'Boat' },
    { file: 'samples/three.png', title: 'Cactus' },
  ],
  files: [],
};
