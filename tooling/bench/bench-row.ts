/** One measured figure with the bar it is held to. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** For a person: `at most 5 %`. */
  readonly bar: string;
  readonly holds: boolean;
}

interface Bar {
  readonly name: string;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** Rounds to three significant places: more would be noise. */
export function judge(bar: Bar, value: number): BenchRow {
  const rounded = Number(value.toPrecision(3));
  if (bar.atMost !== undefined) {
    return { name: bar.name, value: rounded, unit: bar.unit, bar: `at most ${bar.atMost}`, holds: value <= bar.atMost };
  }
  const atLeast = bar.atLeast ?? 0;
  return { name: bar.name, value: rounded, unit: bar.unit, bar: `at least ${atLeast}`, holds: value >= atLeast };
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
