/**
 * Classifier-free guidance (Ho & Salimans 2022): u + g · (c − u). `pair` holds the output without the prompt, then the one with it; the result
 * takes the place of the first half, which is returned.
 */
export function guide(pair: Float32Array, guidanceScale: number): Float32Array {
  const half = pair.length / 2;
  for (let index = 0; index < half; index += 1) {
    const without = pair[index] ?? 0;
    pair[index] = without + guidanceScale * ((pair[half + index] ?? 0) - without);
  }
  return pair.subarray(0, half);
}

/**
 * Guidance as an input of a distilled U-Net (`timestep_cond`): sines, then cosines of (g − 1) · 1000 at falling frequencies; an odd length ends
 * with a 0. diffusers, `get_guidance_scale_embedding`.
 */
export function embedGuidance(guidanceScale: number, length: number): Float32Array {
  const half = Math.floor(length / 2);
  const embedding = new Float32Array(length);
  for (let index = 0; index < half; index += 1) {
    const angle = (guidanceScale - 1) * 1000 * Math.exp((-index * Math.log(10000)) / (half - 1));
    embedding[index] = Math.sin(angle);
    embedding[half + index] = Math.cos(angle);
  }
  return embedding;
}
