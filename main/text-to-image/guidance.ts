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
 * Takes back what guidance adds of contrast (Lin et al. 2023, arXiv:2305.08891, section 3.4; diffusers, `rescale_noise_cfg`): each guided row is brought to
 * the spread of the output with the prompt, and mixed with itself by `share`, 0..1. The spread is the sample standard deviation over a row.
 * `guided` and `prompted` are `rows` outputs each; `guided` is changed in place.
 */
export function rescaleGuided(guided: Float32Array, prompted: Float32Array, rows: number, share: number): void {
  const length = guided.length / rows;
  for (let row = 0; row < rows; row += 1) {
    const own = guided.subarray(row * length, (row + 1) * length);
    const factor = spreadOf(prompted.subarray(row * length, (row + 1) * length)) / spreadOf(own);
    // A row without any spread has none to take back.
    if (!Number.isFinite(factor)) continue;
    for (let index = 0; index < length; index += 1) own[index] = (own[index] ?? 0) * (share * factor + 1 - share);
  }
}

function spreadOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
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
