import { applyRule, copyScaled, mixNoise } from './predict-original.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { configuredShape, shapeSigmas } from './shape-sigmas.ts';
import { linspace } from './timestep-grid.ts';

/**
 * Euler steps of a flow, x = (1 − σ)·x₀ + σ·noise, whose velocity noise − x₀ the denoiser tells (Esser et al. 2024; diffusers
 * scheduling_flow_match_euler_discrete.py). Without levels of its own a run starts from those of training, which are shifted already, and
 * shifts them again; both as in diffusers.
 */
export function createFlowMatchEuler(config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  const trainTimesteps = config.numTrainTimesteps ?? 1000;
  const { steps, flow } = options;
  const shift = config.shift ?? 1;
  const shifted = (sigma: number): number => (shift * sigma) / (1 + (shift - 1) * sigma);
  const trained = (sigma: number): number => (config.useDynamicShifting ? sigma : shifted(sigma));
  const least = flow?.evenLevels ? 1 / steps : trained(1 / trainTimesteps);
  const plain = linspace(1, least, steps);
  const moved = plain.map(config.useDynamicShifting ? shiftFor(config, flow?.patches ?? 0) : shifted);
  const stretched = config.shiftTerminal ? stretchTo(config.shiftTerminal, moved) : moved;
  const shape = configuredShape(config);
  const levels =
    shape === null ? stretched : shapeSigmas(shape, stretched.at(0) ?? 1, stretched.at(-1) ?? 0, steps).map(Math.fround);
  return new FlowMatchEuler(levels, trainTimesteps, firstStepOfFlow(options), config.stochasticSampling ?? false);
}

/** More noise for larger pictures: μ is a line through the patches of two sizes (diffusers, `calculate_shift`). */
function shiftFor(config: SchedulerConfig, patches: number): (sigma: number) => number {
  const { baseShift = 0.5, maxShift = 1.15, baseImageSeqLen = 256, maxImageSeqLen = 4096 } = config;
  const mu = baseShift + ((maxShift - baseShift) / (maxImageSeqLen - baseImageSeqLen)) * (patches - baseImageSeqLen);
  const weight = config.timeShiftType === 'linear' ? mu : Math.exp(mu);
  return (sigma) => weight / (weight + (1 / sigma - 1));
}

function stretchTo(terminal: number, sigmas: readonly number[]): number[] {
  const factor = (1 - (sigmas.at(-1) ?? 0)) / (1 - terminal);
  return sigmas.map((sigma) => 1 - (1 - sigma) / factor);
}

/** As `firstStepOf`, but rounded where SD3's and Flux's pipelines do. */
function firstStepOfFlow({ steps, strength = 1 }: ScheduleOptions): number {
  return Math.trunc(Math.max(steps - Math.min(steps * strength, steps), 0));
}

class FlowMatchEuler implements Scheduler {
  readonly timesteps: readonly number[];
  readonly firstStep: number;
  readonly initNoiseSigma = 1;
  readonly #levels: readonly number[];
  readonly #isStochastic: boolean;

  constructor(levels: readonly number[], trainTimesteps: number, firstStep: number, isStochastic: boolean) {
    this.timesteps = levels.map((level) => level * trainTimesteps);
    this.firstStep = firstStep;
    this.#levels = levels;
    this.#isStochastic = isStochastic;
  }

  scaleModelInput(sample: Float32Array, _step: number, into: Float32Array): void {
    copyScaled(sample, 1, into);
  }

  predictOriginal(modelOutput: Float32Array, sample: Float32Array, step: number, into: Float32Array): void {
    applyRule({ sample: 1, output: -this.#level(step) }, sample, modelOutput, into);
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    const next = this.#levels[step + 1] ?? 0;
    if (this.#isStochastic) {
      this.predictOriginal(modelOutput, sample, step, sample);
      mixNoise(sample, drawNoise(), 1 - next, next);
    } else applyRule({ sample: 1, output: next - this.#level(step) }, sample, modelOutput, sample);
  }

  addNoise(original: Float32Array, noise: Float32Array, step: number): void {
    const level = this.#level(step);
    mixNoise(original, noise, 1 - level, level);
  }

  #level(step: number): number {
    const level = this.#levels[step];
    if (level === undefined) throw new Error(`flow-match Euler has no step ${step}`);
    return level;
  }
}
