import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { RECIPE_KEYWORD } from '../../../main/metadata/readers/read-own-recipe.ts';
import { avifWith, exifBlock, jpegWith, pngWith, unicodeComment, webpWith } from '../../helpers/metadata-files.ts';
import { graph } from './written-by-comfyui.ts';
import { asPython, png } from './written-file.ts';
import type { WrittenFile } from './written-file.ts';

const localRecipe = {
  ...{ schemaVersion: 2, kind: 'local', pack: { id: 'tiny-scenes', version: '1.0.0', manifestSha256: 'a'.repeat(64) } },
  ...{ tokenIds: [320, 2368], tokenWeights: [1, 1.2], text: 'a cat', negative: 'dog', steps: 12, guidance: 3, seed: 5 },
  ...{
    scheduler: 'dpmpp-2m-karras',
    width: 64,
    height: 64,
    init: null,
    device: 'cpu',
    versions: { studio: '0.9.0', onnxruntime: '1.30.0' },
  },
};
const firstRecipe = Object.fromEntries(Object.entries({ ...localRecipe, schemaVersion: 1 }).filter(([name]) => name !== 'kind'));
const toolRecipe = {
  schemaVersion: 2,
  kind: 'tool',
  tool: 'comfyui',
  host: 'h',
  model: 'foxes',
  text: 'a cat',
  parameters: { steps: 3 },
  answer: {},
  seed: 8,
  init: null,
};
const ofRecipe: Partial<PictureMetadata> = {
  writer: 'dediffusion',
  prompt: 'a cat',
  negative: 'dog',
  dialect: 'plain',
  seed: '5',
  width: 64,
  steps: 12,
  guidance: 3,
  scheduler: 'dpmpp-2m-karras',
  model: 'tiny-scenes',
};

export const studioFiles: readonly WrittenFile[] = [
  { name: 'the studio', make: png(RECIPE_KEYWORD, localRecipe), found: ofRecipe },
  { name: 'the studio before tools', make: png(RECIPE_KEYWORD, firstRecipe), found: ofRecipe },
  {
    name: 'the studio, drawn by a tool',
    make: png(RECIPE_KEYWORD, toolRecipe),
    found: { writer: 'dediffusion', prompt: 'a cat', seed: '8', model: 'foxes' },
  },
  {
    name: 'the studio with a second prompt',
    make: png(RECIPE_KEYWORD, {
      ...localRecipe,
      schemaVersion: 7,
      guidanceRescale: 0.7,
      secondPrompt: 'a painting',
      clipSkip: 1,
      emphasis: 'compel',
    }),
    found: { ...ofRecipe, guidanceRescale: 0.7, secondPrompt: 'a painting', clipSkip: 1, emphasis: 'compel' },
  },
  {
    name: 'the studio, carried over into a JPEG',
    make: () => jpegWith({ exif: exifBlock({ comment: unicodeComment(JSON.stringify(localRecipe)) }) }),
    found: ofRecipe,
  },
  {
    name: 'the studio, carried over into a WebP',
    make: async () => webpWith(exifBlock({ comment: unicodeComment(JSON.stringify(toolRecipe)) })),
    found: { writer: 'dediffusion', prompt: 'a cat', seed: '8', model: 'foxes' },
  },
  {
    name: 'the studio, carried over into an AVIF',
    make: () => avifWith({ comment: JSON.stringify(localRecipe) }),
    found: ofRecipe,
  },
  {
    name: 'the studio beside others',
    make: () =>
      pngWith([
        ['parameters', 'a fox\nSteps: 1, Sampler: Euler, CFG scale: 1, Seed: 1'],
        ['prompt', asPython(graph)],
        [RECIPE_KEYWORD, JSON.stringify(localRecipe)],
      ]),
    found: ofRecipe,
  },
];
