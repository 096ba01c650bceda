import type { SigmaShape } from '../../../contract/recipe.ts';
import type { SchedulerConfig } from './scheduler-config.ts';
import type { ScheduleOptions, Scheduler } from './scheduler.ts';
import { planSolver, SolverScheduler } from './solver-scheduler.ts';
import type { SolverLevel } from './solver-scheduler.ts';

/** What was seen at a step. */
interface Seen {
  readonly original: Float32Array;
  readonly level: SolverLevel;
}

/**
 * UniPC: a predictor of up to third order and a corrector that looks back with what the next run sees, on x̂₀ (Zhao et al. 2023, algorithms 5
 * to 8; diffusers scheduling_unipc_multistep.py).
 */
export function createUnipc(config: SchedulerConfig, options: ScheduleOptions, shape: SigmaShape | null): Scheduler {
  return new Unipc(planSolver({ ...config, lambdaMinClipped: undefined }, options, shape), config);
}

class Unipc extends SolverScheduler {
  readonly #order: number;
  readonly #lowersAtEnd: boolean;
  readonly #uncorrected: readonly number[];
  readonly #isFirstVariant: boolean;
  /** Newest first. */
  #history: Seen[] = [];
  /** The sample before the last step, and the order that was taken with. */
  #began: Float32Array | null = null;
  #lastOrder = 1;

  constructor(schedule: ReturnType<typeof planSolver>, config: SchedulerConfig) {
    super(schedule, config.predictionType ?? 'epsilon');
    this.#order = config.solverOrder ?? 2;
    this.#lowersAtEnd = config.lowerOrderFinal ?? true;
    this.#uncorrected = config.disableCorrector ?? [];
    this.#isFirstVariant = config.solverType === 'bh1';
  }

  step(modelOutput: Float32Array, sample: Float32Array, step: number): void {
    const level = this.level(step);
    const original = new Float32Array(sample.length);
    this.predictOriginal(modelOutput, sample, step, original);
    if (this.#began && !this.#uncorrected.includes(step - 1)) {
      const corrected = this.#move(this.#began, level, this.#lastOrder, original);
      sample.set(corrected);
    }
    this.#history = [{ original, level }, ...this.#history].slice(0, this.#order);
    const left = this.#lowersAtEnd ? this.timesteps.length - step : this.#order;
    this.#lastOrder = Math.min(this.#order, left, this.#history.length);
    this.#began = sample.slice();
    sample.set(this.#move(this.#began, this.level(step + 1), this.#lastOrder, null));
  }

  /** From where the newest of the history was seen to a level; `target` is what was seen there, for the corrector. */
  #move(sample: Float32Array, to: SolverLevel, order: number, target: Float32Array | null): Float32Array {
    const [newest, ...older] = this.#history;
    if (!newest) throw new Error('UniPC moves after it has seen something');
    const from = newest.level;
    const h = to.lambda - from.lambda;
    const growth = Math.expm1(-h);
    const scale = this.#isFirstVariant ? -h : growth;
    const ratios = older.slice(0, order - 1).map(({ level }) => (level.lambda - from.lambda) / h);
    const weights = solverWeights(-h, [...ratios, 1], scale, target !== null);
    const moved = new Float32Array(sample.length);
    for (let index = 0; index < moved.length; index += 1) {
      const here = newest.original[index] ?? 0;
      let slope = target ? (weights.at(-1) ?? 0) * ((target[index] ?? 0) - here) : 0;
      for (const [age, ratio] of ratios.entries())
        slope += ((weights[age] ?? 0) * ((older[age]?.original[index] ?? 0) - here)) / ratio;
      moved[index] = (to.sigma / from.sigma) * (sample[index] ?? 0) - to.alpha * (growth * here + scale * slope);
    }
    return moved;
  }
}

/** Weights of the differences: all of them for the corrector, all but the last for the predictor. ½ where one is left, as the authors have it. */
function solverWeights(hh: number, ratios: readonly number[], scale: number, isCorrector: boolean): number[] {
  const count = isCorrector ? ratios.length : ratios.length - 1;
  if (count === 0) return [];
  if (count === 1) return [0.5];
  let phi = Math.expm1(hh) / hh - 1;
  let factorial = 1;
  const wanted = ratios.map((_, index) => {
    factorial *= index + 1;
    const value = (phi * factorial) / scale;
    phi = phi / hh - 1 / (factorial * (index + 2));
    return value;
  });
  const rows = ratios.slice(0, count).map((_, power) => ratios.slice(0, count).map((ratio) => ratio ** power));
  return solveLinear(rows, wanted.slice(0, count));
}

/** Gaussian elimination with the largest pivot; matrices here are at most 3 × 3. */
function solveLinear(rows: readonly (readonly number[])[], wanted: readonly number[]): number[] {
  const table = rows.map((row, index) => [...row, wanted[index] ?? 0]);
  const size = table.length;
  for (let column = 0; column < size; column += 1) {
    const below = table.slice(column).sort((first, second) => Math.abs(second[column] ?? 0) - Math.abs(first[column] ?? 0));
    table.splice(column, below.length, ...below);
    const pivot = table[column] ?? [];
    for (const [index, row] of table.entries()) {
      if (index === column) continue;
      const share = (row[column] ?? 0) / (pivot[column] ?? 1);
      for (let at = column; at <= size; at += 1) row[at] = (row[at] ?? 0) - share * (pivot[at] ?? 0);
    }
  }
  return table.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1));
}
