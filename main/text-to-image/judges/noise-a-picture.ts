import { cumulativeAlphas, usualBetas } from '../schedulers/noise-schedule.ts';
import type { SchedulerConfig } from '../schedulers/scheduler-config.ts';

/** A picture under noise, and what a denoiser was trained to answer there. Latents in the denoiser's range. */
export interface NoisedPicture {
  /** As the denoiser is told it. */
  readonly timestep: number;
  readonly sample: Float32Array;
  readonly target: Float32Array;
}

/** Flows count their levels in thousandths (diffusers, FlowMatchEulerDiscreteScheduler). */
const flowTimesteps = 1000;

/**
 * Puts noise on latents as in training: √ᾱ·x₀ + √(1−ᾱ)·ε with the target ε, x₀ or √ᾱ·ε − √(1−ᾱ)·x₀ as the config has it (Salimans and Ho 2022
 * for the last), or (1−σ)·x₀ + σ·ε with the target ε − x₀ for a flow (Esser et al. 2024).
 *
 * @param level of the noise: the share of the training steps, or σ of a flow; over 0 and below 1
 */
export function noiseAPicture(config: SchedulerConfig, latents: Float32Array, noise: Float32Array, level: number): NoisedPicture {
  const isFlow = config.className?.startsWith('FlowMatch') ?? false;
  if (isFlow) {
    return {
      timestep: level * flowTimesteps,
      sample: mix(latents, 1 - level, noise, level),
      target: mix(latents, -1, noise, 1),
    };
  }
  const alphas = alphasOf(config);
  const timestep = Math.min(Math.trunc(level * alphas.length), alphas.length - 1);
  const kept = Math.sqrt(alphas[timestep] ?? 1);
  const added = Math.sqrt(1 - (alphas[timestep] ?? 1));
  const sample = mix(latents, kept, noise, added);
  switch (config.predictionType ?? 'epsilon') {
    case 'epsilon':
      return { timestep, sample, target: noise };
    case 'sample':
      return { timestep, sample, target: latents };
    case 'v_prediction':
      return { timestep, sample, target: mix(latents, -added, noise, kept) };
  }
}

/** A search puts noise on a picture hundreds of times by one config. */
const knownAlphas = new WeakMap<SchedulerConfig, Float64Array>();

function alphasOf(config: SchedulerConfig): Float64Array {
  const alphas = knownAlphas.get(config) ?? cumulativeAlphas(config, usualBetas);
  knownAlphas.set(config, alphas);
  return alphas;
}

function mix(first: Float32Array, share: number, second: Float32Array, other: number): Float32Array {
  return first.map((value, index) => share * value + other * (second[index] ?? 0));
}
