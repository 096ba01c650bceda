import type { SigmaShape } from '../../../contract/recipe.ts';
import { applyRule, mixNoise, originalRuleOfSigma } from './predict-original.ts';
import type { PredictionType, SchedulerConfig } from './scheduler-config.ts';
import { firstStepOf } from './scheduler.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { SigmaScheduler } from './sigma-scheduler.ts';
import { planSigmaSteps } from './sigma-steps.ts';
import type { SigmaSteps } from './sigma-steps.ts';

/** Euler steps of the probability-flow ODE without churn (Karras et al. 2022, algorithm 2; diffusers scheduling_euler_discrete.py). */
export function createEuler(config: SchedulerConfig, options: ScheduleOptions, shape: SigmaShape | null): Scheduler {
  return new Euler(planSigmaSteps(config, options, shape), firstStepOf(options), config.predictionType ?? 'epsilon', false);
}

/**
 * Euler ancestral: steps down further than asked and adds fresh noise up to the level (k-diffusion; diffusers
 * scheduling_euler_ancestral_discrete.py). Noise is drawn on every step, the last one too, where its share is 0.
 */
export function createEulerAncestral(config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  const steps = planSigmaSteps({ ...config, finalSigmasType: 'zero' }, options, null);
  return new Euler(steps, firstStepOf(options), config.predictionType ?? 'epsilon', true);
}

class Euler extends SigmaScheduler {
  readonly #isAncestral: boolean;

  constructor({ sigmas, ...steps }: SigmaSteps, firstStep: number, type: PredictionType, isAncestral: boolean) {
    super({ ...steps, levels: sigmas, firstStep }, type);
    this.#isAncestral = isAncestral;
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    const from = this.sigma(step);
    const to = this.sigma(step + 1);
    const up = this.#isAncestral ? Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2) : 0;
    const down = this.#isAncestral ? Math.sqrt(to ** 2 - up ** 2) : to;
    const original = originalRuleOfSigma(this.predictionType, from);
    // x + (x − x̂₀) / σ · (σ_down − σ), with x̂₀ linear in x and the output.
    const share = (down - from) / from;
    applyRule({ sample: 1 + (1 - original.sample) * share, output: -original.output * share }, sample, modelOutput, sample);
    if (this.#isAncestral) mixNoise(sample, drawNoise(), 1, up);
  }
}
