import { StudioError } from '../../../contract/errors.ts';
import type { DecoderFamily } from './decoder-family.ts';
import { stableDiffusion1 } from './stable-diffusion-1.ts';

const families: readonly DecoderFamily[] = [stableDiffusion1];

/** What a decoder's folder says of itself. */
export interface FoundDecoder {
  /** diffusers' name of the pipeline, or null where no `model_index.json` tells. */
  readonly className: string | null;
  /** Parts with something in them. */
  readonly parts: readonly string[];
  /** `addition_embed_type` of the denoiser's config. */
  readonly additionEmbedding: string | null;
}

/** The family whose rules say all about a folder. Throws `pack-invalid`, which tells what was found, where there is none. */
export function detectFamily(folder: string, found: FoundDecoder): DecoderFamily {
  const foreignTo = ({ parts, additionEmbeddings }: DecoderFamily): string[] => [
    ...found.parts.filter((part) => !parts.includes(part)),
    ...(additionEmbeddings.includes(found.additionEmbedding) ? [] : [`${found.additionEmbedding} embedding`]),
  ];
  const family = families.find((one) => foreignTo(one).length === 0);
  if (family) return family;
  const nearest = families.map(foreignTo).sort((first, second) => first.length - second.length)[0] ?? [];
  const labels = families.map(({ label }) => label).join(' or ');
  throw new StudioError(
    'pack-invalid',
    `This decoder is a ${found.className ?? 'model'} with a ${nearest.join(' and a ')}; the studio runs folders in the layout of ${labels}.`,
    `Choose an export of ${labels}.`,
    { path: folder, pipeline: found.className ?? '', parts: found.parts.join(', '), foreign: nearest.join(', ') },
  );
}
