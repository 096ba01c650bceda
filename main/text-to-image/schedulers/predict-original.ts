import type { PredictionType } from './scheduler-config.ts';

/** A quantity that is linear in the sample and the model's output. */
export interface LinearRule {
  readonly sample: number;
  readonly output: number;
}

/** Clean latents x̂₀ from x = α·x₀ + σ·ε, with α² + σ² = 1 (variance preserving). */
export function originalRule(type: PredictionType, alpha: number, sigma: number): LinearRule {
  switch (type) {
    case 'epsilon':
      return { sample: 1 / alpha, output: -sigma / alpha };
    case 'sample':
      return { sample: 0, output: 1 };
    case 'v_prediction':
      return { sample: alpha, output: -sigma };
  }
}

/** The noise ε in the same sample. */
export function noiseRule(type: PredictionType, alpha: number, sigma: number): LinearRule {
  switch (type) {
    case 'epsilon':
      return { sample: 0, output: 1 };
    case 'sample':
      return { sample: 1 / sigma, output: -alpha / sigma };
    case 'v_prediction':
      return { sample: sigma, output: alpha };
  }
}

/** Clean latents from x = x₀ + σ·ε (variance exploding: the Euler schedulers). */
export function originalRuleOfSigma(type: PredictionType, sigma: number): LinearRule {
  switch (type) {
    case 'epsilon':
      return { sample: 1, output: -sigma };
    case 'sample':
      return { sample: 0, output: 1 };
    case 'v_prediction':
      return { sample: 1 / (sigma * sigma + 1), output: -sigma / Math.sqrt(sigma * sigma + 1) };
  }
}

export function applyRule(rule: LinearRule, sample: Float32Array, output: Float32Array, into: Float32Array): void {
  const { sample: fromSample, output: fromOutput } = rule;
  for (let index = 0; index < sample.length; index += 1) {
    into[index] = fromSample * (sample[index] ?? 0) + fromOutput * (output[index] ?? 0);
  }
}

/** sample ← share · sample + scale · noise, in place. */
export function mixNoise(sample: Float32Array, noise: Float32Array, share: number, scale: number): void {
  for (let index = 0; index < sample.length; index += 1)
    sample[index] = share * (sample[index] ?? 0) + scale * (noise[index] ?? 0);
}

/** Copies the sample times `factor` into `into`, as often as it fits. */
export function copyScaled(sample: Float32Array, factor: number, into: Float32Array): void {
  for (let index = 0; index < sample.length; index += 1) into[index] = factor * (sample[index] ?? 0);
  for (let start = sample.length; start < into.length; start += sample.length) into.copyWithin(start, 0, sample.length);
}
