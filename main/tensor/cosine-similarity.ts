/** Cosine of the angle between two vectors of one length, −1..1; 0 when either has no length. */
export function cosineSimilarity(first: Float32Array, second: Float32Array): number {
  if (first.length !== second.length) throw new Error(`cosine of ${first.length} and ${second.length} numbers`);
  let dot = 0;
  let firstSquared = 0;
  let secondSquared = 0;
  for (let index = 0; index < first.length; index += 1) {
    const a = first[index] ?? 0;
    const b = second[index] ?? 0;
    dot += a * b;
    firstSquared += a * a;
    secondSquared += b * b;
  }
  const norm = Math.sqrt(firstSquared * secondSquared);
  return norm === 0 ? 0 : Math.max(-1, Math.min(1, dot / norm));
}
