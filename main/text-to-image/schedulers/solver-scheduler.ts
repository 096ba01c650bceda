import type { SigmaShape } from '../../../contract/recipe.ts';
import { cumulativeAlphas, sigmaTable, usualBetas } from './noise-schedule.ts';
import { applyRule, copyScaled, mixNoise, originalRule } from './predict-original.ts';
import type { PredictionType, SchedulerConfig } from './scheduler-config.ts';
import { firstStepOf } from './scheduler.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { shapeSigmas, sigmaAt, timestepOfSigma } from './shape-sigmas.ts';
import { multistepTimesteps, roundHalfEven } from './timestep-grid.ts';

/** A noise level in variance-preserving terms: x = α·x₀ + σ·ε, λ = ln(α/σ); infinite where there is no noise. */
export interface SolverLevel {
  readonly alpha: number;
  readonly sigma: number;
  readonly lambda: number;
}

interface SolverSchedule {
  readonly timesteps: readonly number[];
  readonly firstStep: number;
  /** One a timestep, and where the last step leads. */
  readonly levels: readonly SolverLevel[];
}

/** Where multistep solvers stop on their way (diffusers scheduling_dpmsolver_multistep.py, scheduling_unipc_multistep.py). */
export function planSolver(
  config: SchedulerConfig,
  options: ScheduleOptions,
  shape: SigmaShape | null,
  keepsFraction = false,
): SolverSchedule {
  const table = sigmaTable(cumulativeAlphas(config, usualBetas));
  const clipped = table.filter((sigma) => -Math.log(sigma) < (config.lambdaMinClipped ?? Number.NEGATIVE_INFINITY)).length;
  const grid = multistepTimesteps(
    config.timestepSpacing ?? 'linspace',
    table.length - clipped,
    options.steps,
    config.stepsOffset ?? 0,
  );
  const smallest = table.at(0) ?? 0;
  const [most, least] = [config.sigmaMax ?? table.at(-1) ?? 0, config.sigmaMin ?? smallest];
  const sigmas =
    shape === null ? grid.map((timestep) => sigmaAt(table, timestep)) : shapeSigmas(shape, most, least, options.steps);
  // diffusers rounds the timesteps of karras and cuts those of the other shapes.
  const toInteger = shape === 'karras' && !keepsFraction ? roundHalfEven : Math.trunc;
  const timesteps = shape === null ? grid : sigmas.map((sigma) => toInteger(timestepOfSigma(table, sigma)));
  const last = shape === null ? smallest : (sigmas.at(-1) ?? smallest);
  const levels = [...sigmas, config.finalSigmasType === 'sigma_min' ? last : 0].map(levelOf);
  return { timesteps, firstStep: firstStepOf(options), levels };
}

function levelOf(ratio: number): SolverLevel {
  const alpha = 1 / Math.sqrt(ratio * ratio + 1);
  return { alpha, sigma: ratio * alpha, lambda: -Math.log(ratio) };
}

/** What multistep solvers have in common: everything but the step itself. */
export abstract class SolverScheduler implements Scheduler {
  readonly timesteps: readonly number[];
  readonly firstStep: number;
  readonly initNoiseSigma = 1;
  readonly #levels: readonly SolverLevel[];
  readonly #type: PredictionType;

  constructor({ timesteps, firstStep, levels }: SolverSchedule, type: PredictionType) {
    this.timesteps = timesteps;
    this.firstStep = firstStep;
    this.#levels = levels;
    this.#type = type;
  }

  abstract step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void;

  scaleModelInput(sample: Float32Array, _step: number, into: Float32Array): void {
    copyScaled(sample, 1, into);
  }

  predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void {
    const { alpha, sigma } = this.level(step);
    applyRule(originalRule(this.#type, alpha, sigma), sample, modelOutput, into);
  }

  addNoise(original: Float32Array, noise: Float32Array, step: number): void {
    const { alpha, sigma } = this.level(step);
    mixNoise(original, noise, alpha, sigma);
  }

  protected level(step: number): SolverLevel {
    const level = this.#levels[step];
    if (!level) throw new Error(`${this.constructor.name} has no step ${step}`);
    return level;
  }
}
