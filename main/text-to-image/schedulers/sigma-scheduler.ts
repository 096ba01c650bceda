import { applyRule, copyScaled, mixNoise, originalRuleOfSigma } from './predict-original.ts';
import type { PredictionType } from './scheduler-config.ts';
import type { Scheduler } from './scheduler.ts';

/** The runs of a scheduler in x = x₀ + σ·ε: which timestep each is told, and the level it looks from. */
export interface SigmaSchedule {
  readonly timesteps: readonly number[];
  /** One a timestep, and for some one more: where the last step leads. */
  readonly levels: readonly number[];
  readonly firstStep: number;
  readonly initNoiseSigma: number;
}

/** What all schedulers in that form have in common: everything but the step itself. */
export abstract class SigmaScheduler implements Scheduler {
  readonly timesteps: readonly number[];
  readonly firstStep: number;
  readonly initNoiseSigma: number;
  protected readonly predictionType: PredictionType;
  readonly #levels: readonly number[];

  constructor({ timesteps, levels, firstStep, initNoiseSigma }: SigmaSchedule, predictionType: PredictionType) {
    this.timesteps = timesteps;
    this.firstStep = firstStep;
    this.initNoiseSigma = initNoiseSigma;
    this.predictionType = predictionType;
    this.#levels = levels;
  }

  abstract step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void;

  scaleModelInput(sample: Float32Array, step: number, into: Float32Array): void {
    copyScaled(sample, 1 / Math.sqrt(this.sigma(step) ** 2 + 1), into);
  }

  predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void {
    applyRule(originalRuleOfSigma(this.predictionType, this.sigma(step)), sample, modelOutput, into);
  }

  addNoise(original: Float32Array, noise: Float32Array, step: number): void {
    mixNoise(original, noise, 1, this.sigma(step));
  }

  protected sigma(step: number): number {
    const sigma = this.#levels[step];
    if (sigma === undefined) throw new Error(`${this.constructor.name} has no step ${step}`);
    return sigma;
  }
}
