import { applyRule, copyScaled, mixNoise, originalRuleOfSigma } from './predict-original.ts';
import type { PredictionType, SchedulerConfig } from './scheduler-config.ts';
import { firstStepOf } from './scheduler.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { planSigmaSteps } from './sigma-steps.ts';
import type { SigmaSteps } from './sigma-steps.ts';

/** Euler steps of the probability-flow ODE without churn (Karras et al. 2022, algorithm 2; diffusers scheduling_euler_discrete.py). */
export function createEuler(config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  return new Euler(planSigmaSteps(config, options), firstStepOf(options), config.predictionType ?? 'epsilon', false);
}

/**
 * Euler ancestral: steps down further than asked and adds fresh noise up to the level (k-diffusion; diffusers
 * scheduling_euler_ancestral_discrete.py). Noise is drawn on every step, the last one too, where its share is 0.
 */
export function createEulerAncestral(config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  const steps = planSigmaSteps({ ...config, finalSigmasType: 'zero' }, options, 'table');
  return new Euler(steps, firstStepOf(options), config.predictionType ?? 'epsilon', true);
}

class Euler implements Scheduler {
  readonly timesteps: readonly number[];
  readonly firstStep: number;
  readonly initNoiseSigma: number;
  readonly #sigmas: readonly number[];
  readonly #type: PredictionType;
  readonly #isAncestral: boolean;

  constructor(steps: SigmaSteps, firstStep: number, type: PredictionType, isAncestral: boolean) {
    this.timesteps = steps.timesteps;
    this.firstStep = firstStep;
    this.initNoiseSigma = steps.initNoiseSigma;
    this.#sigmas = steps.sigmas;
    this.#type = type;
    this.#isAncestral = isAncestral;
  }

  scaleModelInput(sample: Float32Array, step: number, into: Float32Array): void {
    copyScaled(sample, 1 / Math.sqrt(this.#sigma(step) ** 2 + 1), into);
  }

  predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void {
    applyRule(originalRuleOfSigma(this.#type, this.#sigma(step)), sample, modelOutput, into);
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    const from = this.#sigma(step);
    const to = this.#sigma(step + 1);
    const up = this.#isAncestral ? Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2) : 0;
    const down = this.#isAncestral ? Math.sqrt(to ** 2 - up ** 2) : to;
    const original = originalRuleOfSigma(this.#type, from);
    // x + (x − x̂₀) / σ · (σ_down − σ), with x̂₀ linear in x and the output.
    const share = (down - from) / from;
    applyRule({ sample: 1 + (1 - original.sample) * share, output: -original.output * share }, sample, modelOutput, sample);
    if (this.#isAncestral) mixNoise(sample, drawNoise(), 1, up);
  }

  addNoise(original: Float32Array, noise: Float32Array, step: number): void {
    mixNoise(original, noise, 1, this.#sigma(step));
  }

  #sigma(step: number): number {
    const sigma = this.#sigmas[step];
    if (sigma === undefined) throw new Error(`Euler has no step ${step}`);
    return sigma;
  }
}
