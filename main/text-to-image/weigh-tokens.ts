/** Below this share of the root mean square a mean says nothing about the size of the numbers, and dividing by it would. */
const leastMeanShare = 0.02;

/**
 * Emphasis as AUTOMATIC1111's "Original": the rows of weighted tokens are multiplied, then the whole chunk is scaled so that its mean is
 * what it was. In place on one chunk's embeddings, [rows, width] row-major; `weights` belong to rows 0, 1, … in turn.
 * Where the mean is next to nothing (some encoders centre their output) the correction is left out, because it would scale by noise.
 */
export function weighTokens(embeddings: Float32Array, width: number, weights: readonly number[]): void {
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

function meanOf(values: Float32Array): { mean: number; rootMeanSquare: number } {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return { mean: sum / values.length, rootMeanSquare: Math.sqrt(squares / values.length) };
}
