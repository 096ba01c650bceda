import { join } from 'node:path';
import type { ScorerRole } from '../../contract/pack.ts';
import type { Pixels } from '../image/pixels.ts';
import { preprocessImage } from '../image/preprocess-image.ts';
import { stackImages } from '../image/stack-images.ts';
import { ImageScorer } from '../text-to-image/image-scorer.ts';
import type { SessionCache } from './session-cache.ts';

export interface Scoring {
  readonly packFolder: string;
  readonly scorer: ScorerRole;
  readonly sessions: SessionCache;
}

/** Fidelity of each picture to an original, in order: the scorer's cosine clamped to 0..1. */
export async function scorePictures(
  { packFolder, scorer, sessions }: Scoring,
  original: string | Uint8Array,
  pictures: readonly (string | Uint8Array | Pixels)[],
  signal: AbortSignal,
): Promise<number[]> {
  if (pictures.length === 0) return [];
  const paths = {
    vision: join(packFolder, scorer.vision),
    text: join(packFolder, scorer.text),
    tokenizer: join(packFolder, scorer.tokenizer),
  };
  const [reference, ...candidates] = await Promise.all(
    [original, ...pictures].map((source) => preprocessImage(source, scorer.image)),
  );
  if (!reference) throw new Error('no original to compare with');
  const cosines = await new ImageScorer(paths, sessions.open).scoreImages(reference, stackImages(candidates), signal);
  return cosines.map((cosine) => Math.min(1, Math.max(0, cosine)));
}
