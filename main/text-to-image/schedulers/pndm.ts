import { StudioError } from '../../../contract/errors.ts';
import { AlphaScheduler } from './alpha-scheduler.ts';
import type { AlphaSchedule, AlphaStep } from './alpha-scheduler.ts';
import { cumulativeAlphas, usualBetas } from './noise-schedule.ts';
import { noiseRule, originalRule } from './predict-original.ts';
import type { LinearRule } from './predict-original.ts';
import type { PredictionType, SchedulerConfig } from './scheduler-config.ts';
import { firstStepOf } from './scheduler.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { roundHalfEven, spacedTimesteps } from './timestep-grid.ts';

/** Shares of the noise of this step and of the three before, newest first, by how many are known (equation 9 of Liu et al. 2022). */
const linearMultistep: readonly (readonly number[])[] = [
  [1],
  [3 / 2, -1 / 2],
  [23 / 12, -16 / 12, 5 / 12],
  [55 / 24, -59 / 24, 37 / 24, -9 / 24],
];
const rungeKutta = [1 / 6, 1 / 3, 1 / 3, 1 / 6];

/** One move: from noise level ᾱ_t to ᾱ_p along a noise. */
interface Step extends AlphaStep {
  readonly toSample: number;
  readonly toNoise: number;
  /** What the denoiser tells becomes noise after the steps before were mixed in, as in diffusers. */
  readonly noise: LinearRule;
}

/**
 * PNDM (Liu et al. 2022; diffusers scheduling_pndm.py). The second highest timestep stands twice where the Runge-Kutta start is left out,
 * as in every Stable Diffusion, so that there are N + 1 runs; with that start there are N + 9, and
 * fewer than four steps throw `bad-request`.
 */
export function createPndm(config: SchedulerConfig, options: ScheduleOptions): Scheduler {
  const cumulative = cumulativeAlphas(config, usualBetas);
  const spacing = config.timestepSpacing ?? 'leading';
  const grid = spacedTimesteps(spacing, cumulative.length, options.steps, config.stepsOffset ?? 0).map(roundHalfEven);
  const stride = Math.floor(cumulative.length / options.steps);
  const starting = config.skipPrkSteps ? [] : rungeKuttaTimesteps(grid, stride);
  const firstStep = firstStepOf(options);
  const [first = 0, second, ...rest] = grid;
  const multistep = starting.length > 0 ? grid.slice(3) : second === undefined ? [first] : [first, second, second, ...rest];
  const finalAlpha = (config.setAlphaToOne ?? false) ? 1 : (cumulative[0] ?? 1);
  const type = config.predictionType ?? 'epsilon';
  const move = (timestep: number, from: number, to: number): Step => {
    const here = cumulative[timestep] ?? 0;
    return moveBetween(type, here, cumulative[from] ?? finalAlpha, to < 0 ? finalAlpha : (cumulative[to] ?? 0));
  };
  const steps = [
    ...starting.map((timestep, index) => {
      const from = starting[Math.floor(index / 4) * 4] ?? 0;
      return move(timestep, from, timestep - (index % 2 === 1 ? 0 : Math.floor(stride / 2)));
    }),
    ...multistep.map((timestep, index) =>
      // The second run looks at where the first has led, and walks from where that began.
      index === firstStep + 1 && starting.length === 0
        ? move(timestep, timestep + stride, timestep)
        : move(timestep, timestep, timestep - stride),
    ),
  ];
  const timesteps = [...starting, ...multistep];
  return new Pndm({ timesteps, firstStep, steps, bound: Number.POSITIVE_INFINITY }, starting.length);
}

/** The four latest timesteps, each with the one half a stride earlier, every one looked at twice but the outermost. */
function rungeKuttaTimesteps(grid: readonly number[], stride: number): number[] {
  if (grid.length < 4) {
    throw new StudioError(
      'bad-request',
      'PNDM takes four steps or more here.',
      'Ask for more steps, or choose another scheduler.',
      {
        steps: grid.length,
      },
    );
  }
  const ascending = grid.slice(0, 4).reverse();
  const spread = ascending.flatMap((timestep) => [timestep, timestep + Math.floor(stride / 2)]);
  return spread
    .slice(0, -1)
    .flatMap((timestep) => [timestep, timestep])
    .slice(1, -1)
    .reverse();
}

function moveBetween(type: PredictionType, seen: number, from: number, to: number): Step {
  const [alpha, sigma] = [Math.sqrt(seen), Math.sqrt(1 - seen)];
  const denominator = from * Math.sqrt(1 - to) + Math.sqrt(from * (1 - from) * to);
  return {
    alpha,
    sigma,
    original: originalRule(type, alpha, sigma),
    toSample: Math.sqrt(to / from),
    toNoise: -(to - from) / denominator,
    noise: noiseRule(type, Math.sqrt(from), Math.sqrt(1 - from)),
  };
}

class Pndm extends AlphaScheduler<Step> {
  readonly #rungeKuttaSteps: number;
  /** Noises, newest first. */
  #history: Float32Array[] = [];
  #began = new Float32Array(0);
  #sum = new Float32Array(0);
  #taken = 0;

  constructor(schedule: AlphaSchedule<Step>, rungeKuttaSteps: number) {
    super(schedule);
    this.#rungeKuttaSteps = rungeKuttaSteps;
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number): void {
    const move = this.at(step);
    if (step < this.#rungeKuttaSteps) this.#walkRungeKutta(modelOutput, sample, move, step);
    else this.#walkMultistep(modelOutput, sample, move);
  }

  #walkRungeKutta(output: Float32Array, sample: Float32Array, move: Step, step: number): void {
    const stage = step % 4;
    if (stage === 0) {
      this.#began = sample.slice();
      this.#sum = new Float32Array(sample.length);
      this.#remember(output);
    }
    const share = rungeKutta[stage] ?? 0;
    for (let index = 0; index < output.length; index += 1)
      this.#sum[index] = (this.#sum[index] ?? 0) + share * (output[index] ?? 0);
    sample.set(this.#began);
    moveAlong(move, sample, stage === 3 ? this.#sum : output);
  }

  #walkMultistep(output: Float32Array, sample: Float32Array, move: Step): void {
    const isSecondLook = this.#rungeKuttaSteps === 0 && this.#taken === 1;
    if (isSecondLook) {
      const [before = output] = this.#history;
      sample.set(this.#began);
      moveAlong(
        move,
        sample,
        output.map((value, index) => (value + (before[index] ?? 0)) / 2),
      );
    } else {
      if (this.#taken === 0) this.#began = sample.slice();
      this.#remember(output);
      const shares = linearMultistep[this.#history.length - 1] ?? [];
      const mixed = new Float32Array(output.length);
      for (const [age, share] of shares.entries()) {
        const noise = this.#history[age] ?? mixed;
        for (let index = 0; index < mixed.length; index += 1) mixed[index] = (mixed[index] ?? 0) + share * (noise[index] ?? 0);
      }
      moveAlong(move, sample, mixed);
    }
    this.#taken += 1;
  }

  #remember(noise: Float32Array): void {
    this.#history = [noise.slice(), ...this.#history].slice(0, linearMultistep.length);
  }
}

function moveAlong({ toSample, toNoise, noise }: Step, sample: Float32Array, output: Float32Array): void {
  for (let index = 0; index < sample.length; index += 1) {
    const here = sample[index] ?? 0;
    sample[index] = toSample * here + toNoise * (noise.sample * here + noise.output * (output[index] ?? 0));
  }
}
