import { StudioError } from '../../../contract/errors.ts';
import type { DecoderFamily } from './decoder-family.ts';
import { flux } from './flux.ts';
import { stableDiffusion1 } from './stable-diffusion-1.ts';
import { stableDiffusion3 } from './stable-diffusion-3.ts';
import { stableDiffusionXl } from './stable-diffusion-xl.ts';

const families: readonly DecoderFamily[] = [stableDiffusion1, stableDiffusionXl, stableDiffusion3, flux];

/** What a decoder's folder says of itself. */
export interface FoundDecoder {
  /** diffusers' name of the pipeline, or null where no `model_index.json` tells. */
  readonly className: string | null;
  /** Parts with something in them. */
  readonly parts: readonly string[];
  /** diffusers' name of the denoiser, or null where its config does not tell. */
  readonly denoiserClass: string | null;
  /** `addition_embed_type` of the denoiser's config. */
  readonly additionEmbedding: string | null;
}

/** The family whose rules say all about a folder. Throws `pack-invalid`, which tells what was found, where there is none. */
export function detectFamily(folder: string, found: FoundDecoder): DecoderFamily {
  const foreignTo = ({ parts, requiredParts, denoiserClasses, additionEmbeddings }: DecoderFamily): string[] => [
    ...found.parts.filter((part) => !parts.includes(part)).map((part) => `with a ${part}`),
    ...requiredParts.filter((part) => !found.parts.includes(part)).map((part) => `without a ${part}`),
    ...(denoiserClasses.includes(found.denoiserClass) ? [] : [`with a ${found.denoiserClass ?? 'denoiser that has no name'}`]),
    ...(additionEmbeddings.includes(found.additionEmbedding)
      ? []
      : [found.additionEmbedding === null ? 'without sizes' : `with a ${found.additionEmbedding} embedding`]),
  ];
  const family = families.find((one) => foreignTo(one).length === 0);
  if (family) return family;
  const nearest = families.map(foreignTo).sort((first, second) => first.length - second.length)[0] ?? [];
  const labels = families.map(({ label }) => label).join(' or ');
  throw new StudioError(
    'pack-invalid',
    `This decoder is a ${found.className ?? 'model'} ${nearest.join(' and ')}; the studio runs folders in the layout of ${labels}.`,
    `Choose an export of ${labels}.`,
    { path: folder, pipeline: found.className ?? '', parts: found.parts.join(', '), foreign: nearest.join(', ') },
  );
}
