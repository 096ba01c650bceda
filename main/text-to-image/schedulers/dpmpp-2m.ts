import { cumulativeAlphas, sigmaTable, usualBetas } from './noise-schedule.ts';
import { applyRule, copyScaled, mixNoise, originalRule } from './predict-original.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import { firstStepOf } from './scheduler.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { shapeSigmas, sigmaAt, timestepOfSigma } from './shape-sigmas.ts';
import type { SigmaShape } from './shape-sigmas.ts';
import { multistepTimesteps, roundHalfEven } from './timestep-grid.ts';

/** A noise level in variance-preserving terms: x = α·x₀ + σ·ε, λ = ln(α/σ). */
interface Level {
  readonly alpha: number;
  readonly sigma: number;
  readonly lambda: number;
}

/**
 * DPM-Solver++ (2M): second order, multistep, on x̂₀ (Lu et al. 2022, algorithm 2; diffusers
 * scheduling_dpmsolver_multistep.py with solver_order 2). `shape` is karras for the variant of that name.
 */
export function createDpmpp2m(config: SchedulerConfig, options: ScheduleOptions, shape: SigmaShape): Scheduler {
  const table = sigmaTable(cumulativeAlphas(config, usualBetas));
  const clipped = table.filter((sigma) => -Math.log(sigma) < (config.lambdaMinClipped ?? Number.NEGATIVE_INFINITY)).length;
  const grid = multistepTimesteps(
    config.timestepSpacing ?? 'linspace',
    table.length - clipped,
    options.steps,
    config.stepsOffset ?? 0,
  );
  const smallest = table.at(0) ?? 0;
  const sigmas =
    shape === 'table'
      ? grid.map((timestep) => sigmaAt(table, timestep))
      : shapeSigmas(shape, table.at(-1) ?? 0, smallest, options.steps);
  // diffusers rounds the timesteps of karras and cuts those of the other shapes.
  const toInteger = shape === 'karras' ? roundHalfEven : Math.trunc;
  const timesteps = shape === 'table' ? grid : sigmas.map((sigma) => toInteger(timestepOfSigma(table, sigma)));
  const levels = [...sigmas, config.finalSigmasType === 'sigma_min' ? smallest : 0].map(levelOf);
  return new Dpmpp2m(timesteps, firstStepOf(options), levels, config);
}

function levelOf(ratio: number): Level {
  const alpha = 1 / Math.sqrt(ratio * ratio + 1);
  return { alpha, sigma: ratio * alpha, lambda: -Math.log(ratio) };
}

class Dpmpp2m implements Scheduler {
  readonly timesteps: readonly number[];
  readonly firstStep: number;
  readonly initNoiseSigma = 1;
  readonly #levels: readonly Level[];
  readonly #config: SchedulerConfig;
  /** x̂₀ of this step and of the one before; empty until the first step. */
  #original = new Float32Array(0);
  #previousOriginal = new Float32Array(0);
  #taken = 0;

  constructor(timesteps: readonly number[], firstStep: number, levels: readonly Level[], config: SchedulerConfig) {
    this.timesteps = timesteps;
    this.firstStep = firstStep;
    this.#levels = levels;
    this.#config = config;
  }

  scaleModelInput(sample: Float32Array, _step: number, into: Float32Array): void {
    copyScaled(sample, 1, into);
  }

  predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void {
    const { alpha, sigma } = this.#level(step);
    applyRule(originalRule(this.#config.predictionType ?? 'epsilon', alpha, sigma), sample, modelOutput, into);
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number): void {
    if (this.#original.length !== sample.length) {
      this.#original = new Float32Array(sample.length);
      this.#previousOriginal = new Float32Array(sample.length);
    }
    [this.#original, this.#previousOriginal] = [this.#previousOriginal, this.#original];
    const [original, previous] = [this.#original, this.#previousOriginal];
    this.predictOriginal(modelOutput, sample, step, original);
    const isFirstOrder = this.#taken === 0 || (step === this.timesteps.length - 1 && this.#endsInFirstOrder());
    this.#taken += 1;
    const { keep, now, before } = this.#coefficients(step, isFirstOrder);
    for (let index = 0; index < sample.length; index += 1) {
      sample[index] = keep * (sample[index] ?? 0) + now * (original[index] ?? 0) + before * (previous[index] ?? 0);
    }
  }

  addNoise(original: Float32Array, noise: Float32Array, step: number): void {
    const { alpha, sigma } = this.#level(step);
    mixNoise(original, noise, alpha, sigma);
  }

  #endsInFirstOrder(): boolean {
    const lowerAtEnd = (this.#config.lowerOrderFinal ?? true) && this.timesteps.length < 15;
    return lowerAtEnd || (this.#config.eulerAtFinal ?? false) || (this.#config.finalSigmasType ?? 'zero') === 'zero';
  }

  /** sample ← keep · sample + now · x̂₀ + before · previous x̂₀. */
  #coefficients(step: number, isFirstOrder: boolean): { keep: number; now: number; before: number } {
    const from = this.#level(step);
    const to = this.#level(step + 1);
    // At the end of noise h is infinite; the limit is x̂₀ itself.
    if (to.sigma === 0) return { keep: 0, now: 1, before: 0 };
    const h = to.lambda - from.lambda;
    const growth = to.alpha * Math.expm1(-h);
    const keep = to.sigma / from.sigma;
    if (isFirstOrder) return { keep, now: -growth, before: 0 };
    const ratio = (from.lambda - this.#level(step - 1).lambda) / h;
    const slope = this.#config.solverType === 'heun' ? to.alpha * (Math.expm1(-h) / h + 1) : -0.5 * growth;
    return { keep, now: -growth + slope / ratio, before: -slope / ratio };
  }

  #level(step: number): Level {
    const level = this.#levels[step];
    if (!level) throw new Error(`DPM++ 2M has no step ${step}`);
    return level;
  }
}
