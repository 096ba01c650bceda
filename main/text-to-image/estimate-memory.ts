import type { DecoderConfig } from './read-decoder-folder.ts';
import { tilingFor } from './vae/autoencoder.ts';

/** Bytes of a number in single precision; half precision is computed in single by the processor. */
const NUMBER = 4;

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Bytes that the weights of each graph take in memory. */
export interface DecoderWeights {
  /** The largest text encoder. */
  readonly text: number;
  readonly denoiser: number;
  readonly vae: number;
}

/** What a drawing takes at the least, and which part of it takes the most. */
export interface MemoryNeed {
  readonly bytes: number;
  readonly part: keyof DecoderWeights;
}

/**
 * Memory that a drawing takes at the least, where every graph is loaded alone: the weights of each, and what must lie beside them at once. Of the
 * denoiser that is the attention over all cells of its largest level with attention, of the VAE the maps of its last level and its attention. Other maps
 * and what the runtime keeps are not counted, so that a drawing that is said not to fit does not.
 *
 * @param rows pictures of one run of the denoiser, twice as many with guidance
 */
export function estimateMemory(config: DecoderConfig, weights: DecoderWeights, size: PictureSize, rows: number): MemoryNeed {
  const needs: MemoryNeed[] = [
    { part: 'text', bytes: weights.text },
    { part: 'denoiser', bytes: weights.denoiser + attentionBytes(config, size) * rows },
    { part: 'vae', bytes: weights.vae + decodingBytes(config, size) },
  ];
  return needs.reduce((most, need) => (need.bytes > most.bytes ? need : most));
}

/** Scores of the attention of one row: every cell to every other, once a head. */
function attentionBytes({ scaleFactor, attention }: DecoderConfig, { width, height }: PictureSize): number {
  if (attention === null) return 0;
  const cells = (width / scaleFactor / attention.shrink) * (height / scaleFactor / attention.shrink);
  return attention.heads * cells ** 2 * NUMBER;
}

/** One picture, or one tile of it: what goes into the last level and what comes out, or the attention in its middle. */
function decodingBytes(config: DecoderConfig, { width, height }: PictureSize): number {
  const { scaleFactor, decoder } = config;
  const tiling = tilingFor(height / scaleFactor, width / scaleFactor, config);
  const [rows, columns] = [height, width].map((side) => Math.min(side / scaleFactor, tiling?.side ?? Number.POSITIVE_INFINITY));
  const cells = (rows ?? 0) * (columns ?? 0);
  const [last = 0, before = last] = decoder.channels;
  return Math.max((last + before) * cells * scaleFactor ** 2, decoder.attends ? cells ** 2 : 0) * NUMBER;
}

/** The largest picture of the same shape, in steps of `multipleOf`, that takes no more than `roomBytes`; null where none does. */
export function findFittingSize(
  config: DecoderConfig,
  weights: DecoderWeights,
  { width, height }: PictureSize,
  rows: number,
  roomBytes: number,
): PictureSize | null {
  const { multipleOf } = config;
  for (let longest = Math.max(width, height) - multipleOf; longest >= multipleOf; longest -= multipleOf) {
    const share = longest / Math.max(width, height);
    const [smallerWidth, smallerHeight] = [width, height].map((side) => Math.floor((side * share) / multipleOf) * multipleOf);
    if (!smallerWidth || !smallerHeight) return null;
    const size = { width: smallerWidth, height: smallerHeight };
    if (estimateMemory(config, weights, size, rows).bytes <= roomBytes) return size;
  }
  return null;
}
