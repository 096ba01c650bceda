import type { SigmaShape } from '../../../contract/recipe.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { planSolver, SolverScheduler } from './solver-scheduler.ts';

/** sample ← keep · sample + now · x̂₀ + before · previous x̂₀ + fresh · new noise. */
interface Coefficients {
  readonly keep: number;
  readonly now: number;
  readonly before: number;
  readonly fresh: number;
}

/**
 * DPM-Solver++ (2M): second order, multistep, on x̂₀ (Lu et al. 2022, algorithm 2; diffusers scheduling_dpmsolver_multistep.py with
 * solver_order 2), of the differential equation or, with fresh noise at each step, of the stochastic one.
 */
export function createDpmpp2m(
  config: SchedulerConfig,
  options: ScheduleOptions,
  shape: SigmaShape | null,
  isStochastic: boolean,
): Scheduler {
  // diffusers does not round timesteps of cosine schedules.
  const schedule = planSolver(
    { ...config, sigmaMin: undefined, sigmaMax: undefined },
    options,
    shape,
    config.betaSchedule === 'squaredcos_cap_v2',
  );
  return new Dpmpp2m(schedule, config, isStochastic);
}

class Dpmpp2m extends SolverScheduler {
  readonly #config: SchedulerConfig;
  readonly #isStochastic: boolean;
  /** x̂₀ of this step and of the one before; empty until the first step. */
  #original = new Float32Array(0);
  #previousOriginal = new Float32Array(0);
  #taken = 0;

  constructor(schedule: ReturnType<typeof planSolver>, config: SchedulerConfig, isStochastic: boolean) {
    super(schedule, config.predictionType ?? 'epsilon');
    this.#config = config;
    this.#isStochastic = isStochastic;
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number, drawNoise: () => Float32Array): void {
    if (this.#original.length !== sample.length) {
      this.#original = new Float32Array(sample.length);
      this.#previousOriginal = new Float32Array(sample.length);
    }
    [this.#original, this.#previousOriginal] = [this.#previousOriginal, this.#original];
    const [original, previous] = [this.#original, this.#previousOriginal];
    this.predictOriginal(modelOutput, sample, step, original);
    const isFirstOrder = this.#taken === 0 || (step === this.timesteps.length - 1 && this.#endsInFirstOrder());
    this.#taken += 1;
    const { keep, now, before, fresh } = this.#coefficients(step, isFirstOrder);
    const noise = this.#isStochastic ? drawNoise() : null;
    for (let index = 0; index < sample.length; index += 1) {
      sample[index] = keep * (sample[index] ?? 0) + now * (original[index] ?? 0) + before * (previous[index] ?? 0);
      if (noise) sample[index] = (sample[index] ?? 0) + fresh * (noise[index] ?? 0);
    }
  }

  #endsInFirstOrder(): boolean {
    const lowerAtEnd = (this.#config.lowerOrderFinal ?? true) && this.timesteps.length < 15;
    return lowerAtEnd || (this.#config.eulerAtFinal ?? false) || (this.#config.finalSigmasType ?? 'zero') === 'zero';
  }

  #coefficients(step: number, isFirstOrder: boolean): Coefficients {
    const from = this.level(step);
    const to = this.level(step + 1);
    // At the end of noise h is infinite; the limit is x̂₀ itself.
    if (to.sigma === 0) return { keep: 0, now: 1, before: 0, fresh: 0 };
    const h = to.lambda - from.lambda;
    // Fresh noise doubles the way in λ that the rest is carried down.
    const way = this.#isStochastic ? 2 * h : h;
    const growth = -to.alpha * Math.expm1(-way);
    const keep = (to.sigma / from.sigma) * (this.#isStochastic ? Math.exp(-h) : 1);
    const fresh = this.#isStochastic ? to.sigma * Math.sqrt(-Math.expm1(-way)) : 0;
    if (isFirstOrder) return { keep, now: growth, before: 0, fresh };
    const ratio = (from.lambda - this.level(step - 1).lambda) / h;
    const slope = this.#config.solverType === 'heun' ? to.alpha * (Math.expm1(-way) / way + 1) : 0.5 * growth;
    return { keep, now: growth + slope / ratio, before: -slope / ratio, fresh };
  }
}
