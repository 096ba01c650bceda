import type { Emphasis } from '../../contract/recipe.ts';
import type { WeightedToken } from './chunk-tokens.ts';

/** How one program lets the weights of tokens change what a text encoder says. */
interface EmphasisRule {
  /** Whether it measures from what the encoder says of an empty chunk. */
  readonly startsFromEmpty: boolean;
  /**
   * Weighs one chunk in place: embeddings [rows, width] row-major, `weights` of the rows 0, 1, … in turn, of which those past the last are 1.
   * `empty` is what the encoder says of an empty chunk, of the same shape; not read by a rule that does not start from it.
   */
  readonly weigh: (embeddings: Float32Array, empty: Float32Array, width: number, weights: readonly number[]) => void;
  /** Other texts that are blended into the weighed one, each with its share beside the text's own share of 1. */
  readonly blends: (
    tokens: readonly WeightedToken[],
  ) => readonly { readonly tokens: readonly WeightedToken[]; readonly share: number }[];
}

/** What each program does, by its name (docs/decisions/0062-weights-are-read-in-three-ways.md). */
export const emphasisRules: Readonly<Record<Emphasis, EmphasisRule>> = {
  a1111: { startsFromEmpty: false, weigh: scaleAndRestore, blends: () => [] },
  comfyui: { startsFromEmpty: true, weigh: moveFromEmpty, blends: () => [] },
  compel: { startsFromEmpty: true, weigh: moveFromEmpty, blends: leaveOutTheLight },
};

/** Below this share of the root mean square a mean says nothing about the size of the numbers, and dividing by it would. */
const leastMeanShare = 0.02;

/**
 * AUTOMATIC1111's "Original": the rows of weighted tokens are multiplied, then the whole chunk is scaled so that its mean is what it was.
 * Where the mean is next to nothing (some encoders centre their output) the correction is left out, because it would scale by noise.
 */
function scaleAndRestore(embeddings: Float32Array, _empty: Float32Array, width: number, weights: readonly number[]): void {
  if (weights.every((weight) => weight === 1)) return;
  const before = meanOf(embeddings);
  for (const [index, weight] of weights.entries()) {
    if (weight === 1) continue;
    for (let position = index * width; position < (index + 1) * width; position += 1) {
      embeddings[position] = (embeddings[position] ?? 0) * weight;
    }
  }
  const after = meanOf(embeddings);
  if (
    Math.abs(before.mean) < leastMeanShare * before.rootMeanSquare ||
    Math.abs(after.mean) < leastMeanShare * after.rootMeanSquare
  )
    return;
  const scale = before.mean / after.mean;
  for (let position = 0; position < embeddings.length; position += 1) embeddings[position] = (embeddings[position] ?? 0) * scale;
}

/** ComfyUI's: a weighted row lies on the line from what stands there in an empty chunk, that many times as far. The others stay as they are. */
function moveFromEmpty(embeddings: Float32Array, empty: Float32Array, width: number, weights: readonly number[]): void {
  for (const [index, weight] of weights.entries()) {
    if (weight === 1) continue;
    for (let position = index * width; position < (index + 1) * width; position += 1) {
      const start = empty[position] ?? 0;
      embeddings[position] = start + ((embeddings[position] ?? 0) - start) * weight;
    }
  }
}

/** The least weight that compel computes with, so that a share stays finite. */
const leastWeight = 1e-5;

/**
 * compel's for weights below 1, besides moving the rows: the text is blended with itself without the stretch of that weight, by half at 0.5 and
 * nearly wholly at 0. Its mode REMOVE: MASK, where the stretch keeps its place, needs an attention mask, which exports do not take.
 */
function leaveOutTheLight(tokens: readonly WeightedToken[]): { tokens: WeightedToken[]; share: number }[] {
  const blends: { tokens: WeightedToken[]; share: number }[] = [];
  let start = 0;
  for (const [index, { weight }] of tokens.entries()) {
    if (tokens[index + 1]?.weight === weight) continue;
    const share = Math.tan(((1 - Math.max(weight, leastWeight)) * Math.PI) / 2);
    if (weight < 1) blends.push({ tokens: [...tokens.slice(0, start), ...tokens.slice(index + 1)], share });
    start = index + 1;
  }
  return blends;
}

function meanOf(values: Float32Array): { mean: number; rootMeanSquare: number } {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return { mean: sum / values.length, rootMeanSquare: Math.sqrt(squares / values.length) };
}
