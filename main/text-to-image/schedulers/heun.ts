import type { SigmaShape } from '../../../contract/recipe.ts';
import { secondOrderBetas } from './noise-schedule.ts';
import { applyRule, originalRuleOfSigma } from './predict-original.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { firstOfDoubled } from './scheduler.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { SigmaScheduler } from './sigma-scheduler.ts';
import type { SigmaSchedule } from './sigma-scheduler.ts';
import { planSigmaSteps } from './sigma-steps.ts';

/**
 * Heun's second order steps (Karras et al. 2022, algorithm 1 without churn; diffusers scheduling_heun_discrete.py): an Euler step, a look from
 * where it leads, and the step again along the mean of both slopes. The last one, to no noise, has no second look: 2 N − 1 runs.
 */
export function createHeun(config: SchedulerConfig, options: ScheduleOptions, shape: SigmaShape | null): Scheduler {
  const plain = { ...config, finalSigmasType: 'zero', sigmaMin: undefined, sigmaMax: undefined } as const;
  const { timesteps, sigmas, initNoiseSigma } = planSigmaSteps(plain, options, shape, secondOrderBetas);
  const doubled = (list: readonly number[]): number[] => list.flatMap((value, index) => (index === 0 ? [value] : [value, value]));
  const schedule = {
    timesteps: doubled(timesteps),
    // Run 2 i looks from level i, run 2 i + 1 from level i + 1.
    levels: doubled(sigmas.slice(0, -1)),
    firstStep: firstOfDoubled(options),
    initNoiseSigma,
  };
  const bound = config.clipSample ? (config.clipSampleRange ?? 1) : Number.POSITIVE_INFINITY;
  return new Heun(schedule, config, bound);
}

class Heun extends SigmaScheduler {
  readonly #bound: number;
  #began = new Float32Array(0);
  #slope = new Float32Array(0);

  constructor(schedule: SigmaSchedule, config: SchedulerConfig, bound: number) {
    super(schedule, config.predictionType ?? 'epsilon');
    this.#bound = bound;
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number): void {
    const sigma = this.sigma(step);
    const slope = new Float32Array(sample.length);
    this.predictOriginal(modelOutput, sample, step, slope);
    for (let index = 0; index < slope.length; index += 1) slope[index] = ((sample[index] ?? 0) - (slope[index] ?? 0)) / sigma;
    if (step % 2 === 0) {
      const next = step + 1 < this.timesteps.length ? this.sigma(step + 1) : 0;
      this.#began = sample.slice();
      this.#slope = slope;
      walk(sample, sample, slope, next - sigma);
    } else {
      for (let index = 0; index < slope.length; index += 1) slope[index] = ((slope[index] ?? 0) + (this.#slope[index] ?? 0)) / 2;
      walk(sample, this.#began, slope, sigma - this.sigma(step - 1));
    }
  }

  override predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void {
    applyRule(originalRuleOfSigma(this.predictionType, this.sigma(step)), sample, modelOutput, into);
    for (let index = 0; index < into.length; index += 1)
      into[index] = Math.max(-this.#bound, Math.min(this.#bound, into[index] ?? 0));
  }
}

function walk(into: Float32Array, from: Float32Array, slope: Float32Array, distance: number): void {
  for (let index = 0; index < into.length; index += 1) into[index] = (from[index] ?? 0) + (slope[index] ?? 0) * distance;
}
