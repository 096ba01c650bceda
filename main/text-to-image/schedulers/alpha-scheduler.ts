import { applyRule, copyScaled, mixNoise } from './predict-original.ts';
import type { LinearRule } from './predict-original.ts';
import type { Scheduler } from './scheduler.ts';

/** A step of noise whose variance and the picture's add up to one: x = alpha · original + sigma · noise. */
export interface AlphaStep {
  readonly alpha: number;
  readonly sigma: number;
  readonly original: LinearRule;
}

/** What a table of such steps says. `bound`: clean latents are clipped to ±bound; infinite where the config asks for no clipping. */
export interface AlphaSchedule<Step extends AlphaStep> {
  readonly timesteps: readonly number[];
  readonly firstStep: number;
  readonly steps: readonly Step[];
  readonly bound: number;
}

/** What DDIM and LCM have in common: everything but the step itself. */
export abstract class AlphaScheduler<Step extends AlphaStep> implements Scheduler {
  readonly timesteps: readonly number[];
  readonly firstStep: number;
  readonly initNoiseSigma = 1;
  readonly #steps: readonly Step[];
  readonly #bound: number;

  constructor({ timesteps, firstStep, steps, bound }: AlphaSchedule<Step>) {
    this.timesteps = timesteps;
    this.firstStep = firstStep;
    this.#steps = steps;
    this.#bound = bound;
  }

  abstract step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void;

  scaleModelInput(sample: Float32Array, _step: number, into: Float32Array): void {
    copyScaled(sample, 1, into);
  }

  predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void {
    applyRule(this.at(step).original, sample, modelOutput, into);
    for (let index = 0; index < into.length; index += 1) into[index] = this.clip(into[index] ?? 0);
  }

  addNoise(original: Float32Array, noise: Float32Array, step: number): void {
    const { alpha, sigma } = this.at(step);
    mixNoise(original, noise, alpha, sigma);
  }

  protected clip(value: number): number {
    return Math.max(-this.#bound, Math.min(this.#bound, value));
  }

  protected at(step: number): Step {
    const found = this.#steps[step];
    if (!found) throw new Error(`${this.constructor.name} has no step ${step}`);
    return found;
  }
}
