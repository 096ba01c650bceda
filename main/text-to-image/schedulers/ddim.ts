import type { SchedulerConfig } from './scheduler-config.ts';
import { cumulativeAlphas, usualBetas } from './noise-schedule.ts';
import { applyRule, copyScaled, mixNoise, noiseRule, originalRule } from './predict-original.ts';
import type { LinearRule } from './predict-original.ts';
import { firstStepOf } from './scheduler.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { roundHalfEven, spacedTimesteps } from './timestep-grid.ts';

interface Step {
  readonly alpha: number;
  readonly sigma: number;
  readonly original: LinearRule;
  readonly noise: LinearRule;
  /** x ← toOriginal · x̂₀ + toNoise · ε + fresh · new noise. */
  readonly toOriginal: number;
  readonly toNoise: number;
  readonly fresh: number;
}

/**
 * DDIM (Song et al. 2020, equation 12; diffusers scheduling_ddim.py). The step before t is t − T ÷ N, not the next of the list, and
 * ε is not worked out anew after x̂₀ was clipped: both as in diffusers.
 */
export function createDdim(config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  const cumulative = cumulativeAlphas(config, usualBetas);
  const spacing = config.timestepSpacing ?? 'leading';
  const timesteps = spacedTimesteps(spacing, cumulative.length, options.steps, config.stepsOffset ?? 0).map(roundHalfEven);
  const stride = Math.floor(cumulative.length / options.steps);
  const finalAlpha = (config.setAlphaToOne ?? true) ? 1 : (cumulative[0] ?? 1);
  const steps = timesteps.map((timestep): Step => {
    const here = cumulative[timestep] ?? 0;
    const before = timestep - stride >= 0 ? (cumulative[timestep - stride] ?? 0) : finalAlpha;
    const variance = ((1 - before) / (1 - here)) * (1 - here / before);
    const fresh = (options.eta ?? 0) * Math.sqrt(variance);
    const [alpha, sigma] = [Math.sqrt(here), Math.sqrt(1 - here)];
    const type = config.predictionType ?? 'epsilon';
    return {
      alpha,
      sigma,
      original: originalRule(type, alpha, sigma),
      noise: noiseRule(type, alpha, sigma),
      toOriginal: Math.sqrt(before),
      toNoise: Math.sqrt(1 - before - fresh * fresh),
      fresh,
    };
  });
  const bound = (config.clipSample ?? true) ? (config.clipSampleRange ?? 1) : Number.POSITIVE_INFINITY;
  return new Ddim(timesteps, firstStepOf(options), steps, bound);
}

class Ddim implements Scheduler {
  readonly timesteps: readonly number[];
  readonly firstStep: number;
  readonly initNoiseSigma = 1;
  readonly #steps: readonly Step[];
  readonly #bound: number;

  constructor(timesteps: readonly number[], firstStep: number, steps: readonly Step[], bound: number) {
    this.timesteps = timesteps;
    this.firstStep = firstStep;
    this.#steps = steps;
    this.#bound = bound;
  }

  scaleModelInput(sample: Float32Array, _step: number, into: Float32Array): void {
    copyScaled(sample, 1, into);
  }

  predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void {
    applyRule(this.#at(step).original, sample, modelOutput, into);
    for (let index = 0; index < into.length; index += 1)
      into[index] = Math.max(-this.#bound, Math.min(this.#bound, into[index] ?? 0));
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    const { original, noise, toOriginal, toNoise, fresh } = this.#at(step);
    const bound = this.#bound;
    for (let index = 0; index < sample.length; index += 1) {
      const here = sample[index] ?? 0;
      const output = modelOutput[index] ?? 0;
      const clean = Math.max(-bound, Math.min(bound, original.sample * here + original.output * output));
      sample[index] = toOriginal * clean + toNoise * (noise.sample * here + noise.output * output);
    }
    if (fresh > 0) mixNoise(sample, drawNoise(), 1, fresh);
  }

  addNoise(original: Float32Array, noise: Float32Array, step: number): void {
    const { alpha, sigma } = this.#at(step);
    mixNoise(original, noise, alpha, sigma);
  }

  #at(step: number): Step {
    const found = this.#steps[step];
    if (!found) throw new Error(`DDIM has no step ${step}`);
    return found;
  }
}
