import { exifBlock, jpegWith, pngWith, unicodeComment, webpWith, xmpPacket } from '../../helpers/metadata-files.ts';
import { RECIPE_KEYWORD } from '../../../main/metadata/readers/read-own-recipe.ts';
import { png } from './written-file.ts';
import type { WrittenFile } from './written-file.ts';

/** A file that is wrong in one way, and what is said of it; null: nothing, because nobody can tell that something was meant. */
export interface BadFile extends Pick<WrittenFile, 'name' | 'make'> {
  readonly told: RegExp | null;
}

const cutExif = exifBlock({ comment: unicodeComment('a fox\nSteps: 3, Sampler: Euler, CFG scale: 2, Seed: 1') }).subarray(0, 40);

/** Files as programs, editors and power cuts leave them. */
export const badFiles: readonly BadFile[] = [
  { name: 'a recipe that is cut off', make: png(RECIPE_KEYWORD, '{"schemaVersion":4,"kind":"loc'), told: /studio's recipe/ },
  { name: 'a recipe of another kind', make: png(RECIPE_KEYWORD, '{"schemaVersion":4,"kind":"dream"}'), told: /studio's recipe/ },
  { name: 'InvokeAI’s metadata as a list', make: png('invokeai_metadata', '[1,2]'), told: /InvokeAI's metadata/ },
  { name: 'InvokeAI’s metadata without a picture', make: png('sd-metadata', '{"model":"a"}'), told: /InvokeAI's metadata/ },
  { name: 'InvokeAI’s command without its quotes', make: png('Dream', 'a fox -s50'), told: /InvokeAI's command/ },
  {
    name: 'NovelAI’s settings that are cut off',
    make: () =>
      pngWith([
        ['Software', 'NovelAI'],
        ['Comment', '{"uc":"dog"'],
      ]),
    told: /NovelAI's settings/,
  },
  { name: 'Fooocus with a number for a prompt', make: png('parameters', '{"prompt":5,"base_model":"x"}'), told: /parameters/ },
  { name: 'SwarmUI with a list for its settings', make: png('parameters', '{"sui_image_params":[]}'), told: /parameters/ },
  { name: 'ComfyUI’s graph of no nodes', make: png('prompt', '{"3":5,"4":{"class_type":7}}'), told: /ComfyUI's graph/ },
  { name: 'ComfyUI’s workflow that is a text', make: png('workflow', '"a fox"'), told: /ComfyUI's workflow/ },
  { name: 'parameters of white space alone', make: png('parameters', ' \n '), told: /parameters/ },
  { name: 'a description with a job but no prompt', make: png('Description', 'Job ID: 0f0f'), told: /description/ },
  {
    name: 'Draw Things with a number for a prompt',
    make: () => jpegWith({ xmp: xmpPacket('exif:UserComment', '{"c":7}') }),
    told: null,
  },
  { name: 'EXIF that is cut off', make: async () => webpWith(cutExif), told: null },
  { name: 'EXIF that is noise', make: () => jpegWith({ exif: Buffer.alloc(64, 0xa5) }), told: null },
  { name: 'XMP that is no XML', make: () => jpegWith({ xmp: '<x:xmpmeta><rdf:' }), told: null },
];
