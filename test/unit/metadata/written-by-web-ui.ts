import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { avifWith, exifBlock, jpegWith, unicodeComment, webpWith } from '../../helpers/metadata-files.ts';
import { png } from './written-file.ts';
import type { WrittenFile } from './written-file.ts';

const block = [
  'a red fox (in the snow:1.3), <lora:winter:0.8>',
  'second line',
  'Negative prompt: blurry, text',
  'not this either',
  'Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 4294967295, Size: 512x768, Model hash: 6ce0161689, Model: foxes_v2, Lora hashes: "winter: 0123, autumn: 4567", Version: v1.10.1',
].join('\n');
const ofBlock: Partial<PictureMetadata> = {
  writer: 'a1111',
  version: 'v1.10.1',
  prompt: 'a red fox (in the snow:1.3), <lora:winter:0.8>\nsecond line',
  negative: 'blurry, text\nnot this either',
  dialect: 'a1111',
  seed: '4294967295',
  width: 512,
  height: 768,
  steps: 20,
  guidance: 7,
  sampler: 'DPM++ 2M',
  scheduler: 'dpmpp-2m-karras',
  model: 'foxes_v2',
};
const oldBlock = 'a fox\nSteps: 30, Sampler: Euler a, CFG scale: 11.5, Seed: 7, Size: 512x512, Model hash: 7460a6fa';

export const webUiFiles: readonly WrittenFile[] = [
  { name: 'the web UI, PNG', make: png('parameters', block), found: ofBlock },
  {
    name: 'the web UI, PNG, beyond Latin-1',
    make: png('parameters', block.replace('fox', 'Füchslein 狐'), 'iTXt'),
    found: { ...ofBlock, prompt: String(ofBlock.prompt).replace('fox', 'Füchslein 狐') },
  },
  { name: 'the web UI, PNG, packed', make: png('parameters', block, 'zTXt'), found: ofBlock },
  { name: 'the web UI, PNG, packed beyond Latin-1', make: png('parameters', block, 'packed iTXt'), found: ofBlock },
  { name: 'the web UI, JPEG', make: () => jpegWith({ exif: exifBlock({ comment: unicodeComment(block) }) }), found: ofBlock },
  {
    name: 'the web UI, JPEG, little-endian',
    make: () => jpegWith({ exif: exifBlock({ comment: unicodeComment(block, 'little') }) }),
    found: ofBlock,
  },
  { name: 'the web UI, WebP', make: async () => webpWith(exifBlock({ comment: unicodeComment(block) })), found: ofBlock },
  { name: 'the web UI, AVIF', make: () => avifWith({ comment: block }), found: ofBlock },
  {
    name: 'the web UI of 2022',
    make: png('parameters', oldBlock),
    found: { writer: 'a1111', version: null, prompt: 'a fox', negative: '', seed: '7', scheduler: 'euler-ancestral', steps: 30 },
  },
  {
    name: 'the web UI, schedule chosen by itself',
    make: png('parameters', block.replace('Karras', 'Automatic')),
    found: ofBlock,
  },
  { name: 'the web UI with a template behind', make: png('parameters', `${block}\nTemplate: a {fox|hare}`), found: ofBlock },
  {
    name: 'Forge',
    make: png(
      'parameters',
      block.replace('v1.10.1', 'f2.0.1v1.10.1-previous-664').replace('CFG scale: 7', 'CFG scale: 1, Distilled CFG Scale: 3.5'),
    ),
    found: { ...ofBlock, guidance: 1, version: 'f2.0.1v1.10.1-previous-664' },
  },
  {
    name: 'SD.Next',
    make: png('parameters', block.replace('Version: v1.10.1', 'App: SD.Next, Version: 4a2f1c0')),
    found: { ...ofBlock, version: 'SD.Next 4a2f1c0' },
  },
  {
    name: 'a prompt alone',
    make: png('parameters', 'a fox: red, white'),
    found: { writer: 'a1111', prompt: 'a fox: red, white', steps: null },
  },
];
