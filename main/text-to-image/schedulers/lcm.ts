import { AlphaScheduler } from './alpha-scheduler.ts';
import type { AlphaStep } from './alpha-scheduler.ts';
import { consistencyBetas, cumulativeAlphas } from './noise-schedule.ts';
import { mixNoise, originalRule } from './predict-original.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { consistencyTimesteps } from './timestep-grid.ts';

/** σ of the data in the boundary condition of a consistency model. */
const dataVariance = 0.25;

interface Step extends AlphaStep {
  /** denoised = ofOriginal · x̂₀ + ofSample · x. */
  readonly ofOriginal: number;
  readonly ofSample: number;
  /** x ← share · denoised + fresh · new noise; null at the last step, which draws none. */
  readonly next: { readonly share: number; readonly fresh: number } | null;
}

/**
 * Latent consistency sampling (Luo et al. 2023, algorithm 3; diffusers scheduling_lcm.py). Throws `bad-request` for
 * more steps than it was distilled at.
 */
export function createLcm(config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  const cumulative = cumulativeAlphas(config, consistencyBetas);
  const timesteps = consistencyTimesteps(config, cumulative.length, options);
  const finalAlpha = (config.setAlphaToOne ?? true) ? 1 : (cumulative[0] ?? 1);
  const scaling = config.timestepScaling ?? 10;
  const steps = timesteps.map((timestep, index): Step => {
    const [alpha, sigma] = rootsOf(cumulative[timestep] ?? 0);
    const scaled = (timestep * scaling) ** 2;
    const following = timesteps[index + 1];
    const [share, fresh] = rootsOf(following === undefined ? finalAlpha : (cumulative[following] ?? 0));
    return {
      alpha,
      sigma,
      original: originalRule(config.predictionType ?? 'epsilon', alpha, sigma),
      ofOriginal: Math.sqrt(scaled / (scaled + dataVariance)),
      ofSample: dataVariance / (scaled + dataVariance),
      next: following === undefined ? null : { share, fresh },
    };
  });
  const bound = config.clipSample ? (config.clipSampleRange ?? 1) : Number.POSITIVE_INFINITY;
  return new Lcm({ timesteps, firstStep: 0, steps, bound });
}

function rootsOf(cumulativeAlpha: number): [number, number] {
  return [Math.sqrt(cumulativeAlpha), Math.sqrt(1 - cumulativeAlpha)];
}

class Lcm extends AlphaScheduler<Step> {
  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    const { original, ofOriginal, ofSample, next } = this.at(step);
    for (let index = 0; index < sample.length; index += 1) {
      const here = sample[index] ?? 0;
      const clean = this.clip(original.sample * here + original.output * (modelOutput[index] ?? 0));
      sample[index] = ofOriginal * clean + ofSample * here;
    }
    if (next) mixNoise(sample, drawNoise(), next.share, next.fresh);
  }
}
