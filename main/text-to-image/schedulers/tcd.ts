import { AlphaScheduler } from './alpha-scheduler.ts';
import type { AlphaStep } from './alpha-scheduler.ts';
import { consistencyBetas, cumulativeAlphas } from './noise-schedule.ts';
import { mixNoise, noiseRule, originalRule } from './predict-original.ts';
import type { LinearRule } from './predict-original.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { consistencyTimesteps } from './timestep-grid.ts';

interface Step extends AlphaStep {
  readonly noise: LinearRule;
  readonly toOriginal: number;
  readonly toNoise: number;
  /** Then x ← share · x + fresh · new noise; null where none is drawn. */
  readonly next: { readonly share: number; readonly fresh: number } | null;
}

/**
 * Trajectory consistency sampling (Zheng et al. 2024, algorithm 4; diffusers scheduling_tcd.py): steps below the next timestep, by η, and back
 * up to it with fresh noise. Throws `bad-request` for more steps than it was distilled at.
 */
export function createTcd(config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  const cumulative = cumulativeAlphas(config, consistencyBetas);
  const timesteps = consistencyTimesteps(config, cumulative.length, options);
  const eta = options.eta ?? 0.3;
  const type = config.predictionType ?? 'epsilon';
  const steps = timesteps.map((timestep, index): Step => {
    const here = cumulative[timestep] ?? 0;
    const following = timesteps[index + 1] ?? 0;
    const below = cumulative[Math.floor((1 - eta) * following)] ?? 1;
    const share = (cumulative[following] ?? 0) / below;
    const [alpha, sigma] = [Math.sqrt(here), Math.sqrt(1 - here)];
    return {
      alpha,
      sigma,
      original: originalRule(type, alpha, sigma),
      noise: noiseRule(type, alpha, sigma),
      toOriginal: Math.sqrt(below),
      toNoise: Math.sqrt(1 - below),
      next: eta > 0 && index + 1 < timesteps.length ? { share: Math.sqrt(share), fresh: Math.sqrt(1 - share) } : null,
    };
  });
  return new Tcd({ timesteps, firstStep: 0, steps, bound: Number.POSITIVE_INFINITY });
}

class Tcd extends AlphaScheduler<Step> {
  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    const { original, noise, toOriginal, toNoise, next } = this.at(step);
    for (let index = 0; index < sample.length; index += 1) {
      const here = sample[index] ?? 0;
      const output = modelOutput[index] ?? 0;
      sample[index] =
        toOriginal * (original.sample * here + original.output * output) +
        toNoise * (noise.sample * here + noise.output * output);
    }
    if (next) mixNoise(sample, drawNoise(), next.share, next.fresh);
  }
}
