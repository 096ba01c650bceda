import type { PictureMetadata } from '../../../contract/texts/metadata.ts';
import { avifWith, exifBlock, jpegWith, pngWith, unicodeComment, webpWith } from '../../helpers/metadata-files.ts';
import type { WrittenFile } from './written-file.ts';

const fooocus = {
  ...{
    prompt: 'a fox',
    negative_prompt: 'dog',
    prompt_expansion: 'a fox, dramatic',
    styles: "['Fooocus V2']",
    performance: 'Speed',
  },
  ...{
    steps: 30,
    resolution: '(1152, 896)',
    guidance_scale: 4,
    sharpness: 2,
    base_model: 'juggernautXL_v8',
    sampler: 'dpmpp_2m_sde_gpu',
  },
  ...{ scheduler: 'karras', seed: '6127367', metadata_scheme: 'fooocus', version: 'Fooocus v2.5.5' },
};
const ofFooocus: Partial<PictureMetadata> = {
  ...{
    writer: 'fooocus',
    version: 'Fooocus v2.5.5',
    prompt: 'a fox',
    negative: 'dog',
    seed: '6127367',
    width: 1152,
    height: 896,
  },
  ...{ steps: 30, guidance: 4, scheduler: 'dpmpp-2m-sde-karras', model: 'juggernautXL_v8' },
};
const fooocusBlock =
  'a fox\nNegative prompt: dog\nSteps: 30, Sampler: DPM++ 2M SDE, Schedule type: Karras, Seed: 12, Size: 1152x896, CFG scale: 4, Performance: Speed, Model: juggernautXL, Version: Fooocus v2.3.0';

export const fooocusFiles: readonly WrittenFile[] = [
  {
    name: 'Fooocus',
    make: () =>
      pngWith([
        ['fooocus_scheme', 'fooocus'],
        ['parameters', JSON.stringify(fooocus)],
      ]),
    found: ofFooocus,
  },
  {
    name: 'Fooocus in the form of the web UI',
    make: () =>
      pngWith([
        ['fooocus_scheme', 'a1111'],
        ['parameters', fooocusBlock],
      ]),
    found: { writer: 'fooocus', version: 'Fooocus v2.3.0', seed: '12', scheduler: 'dpmpp-2m-sde-karras' },
  },
  {
    name: 'Fooocus, JPEG',
    make: () =>
      jpegWith({ exif: exifBlock({ comment: unicodeComment(JSON.stringify(fooocus)), makerNote: Buffer.from('fooocus') }) }),
    found: ofFooocus,
  },
  {
    name: 'Fooocus, WebP',
    make: async () =>
      webpWith(exifBlock({ comment: Buffer.concat([Buffer.from('ASCII\0\0\0'), Buffer.from(JSON.stringify(fooocus))]) })),
    found: ofFooocus,
  },
  { name: 'Fooocus, AVIF', make: () => avifWith({ comment: JSON.stringify(fooocus) }), found: ofFooocus },
];
