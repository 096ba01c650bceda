import { AlphaScheduler } from './alpha-scheduler.ts';
import type { AlphaStep } from './alpha-scheduler.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { cumulativeAlphas, usualBetas } from './noise-schedule.ts';
import { mixNoise, noiseRule, originalRule } from './predict-original.ts';
import type { LinearRule } from './predict-original.ts';
import { firstStepOf } from './scheduler.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { roundHalfEven, spacedTimesteps } from './timestep-grid.ts';

interface Step extends AlphaStep {
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
  return new Ddim({ timesteps, firstStep: firstStepOf(options), steps, bound });
}

class Ddim extends AlphaScheduler<Step> {
  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    const { original, noise, toOriginal, toNoise, fresh } = this.at(step);
    for (let index = 0; index < sample.length; index += 1) {
      const here = sample[index] ?? 0;
      const output = modelOutput[index] ?? 0;
      const clean = this.clip(original.sample * here + original.output * output);
      sample[index] = toOriginal * clean + toNoise * (noise.sample * here + noise.output * output);
    }
    if (fresh > 0) mixNoise(sample, drawNoise(), 1, fresh);
  }
}
