import { expect, test } from 'vitest';
import { WeightedProgress } from '../../../main/running/weighted-progress.ts';
import type { Progress } from '../../../main/running/run-context.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { repeatableRandom } from '../../helpers/repeatable-random.ts';

function collect() {
  const fractions: number[] = [];
  const context = { ...quietContext, onProgress: ({ fraction }: Progress) => fractions.push(fraction), extra: 'kept' };
  return { fractions, context };
}

const at = (fraction: number): Progress => ({ fraction, phase: 'denoising', step: 1, steps: 2 });

test('each phase moves the whole by its share', () => {
  const { fractions, context } = collect();
  const progress = new WeightedProgress(context, { load: 1, draw: 8, save: 1 });
  progress.part('load').onProgress(at(0.5));
  progress.part('load').onProgress(at(1));
  const draw = progress.part('draw');
  draw.onProgress(at(0.5));
  draw.onProgress(at(1));
  progress.part('save').onProgress(at(1));
  expect(fractions.map((fraction) => Math.round(fraction * 1000) / 1000)).toEqual([0.05, 0.1, 0.5, 0.9, 1]);
  expect(draw.extra).toBe('kept');
});

test('parts that come one by one get their stretch of a phase', () => {
  const { fractions, context } = collect();
  const progress = new WeightedProgress(context, { texts: 10 });
  progress.span(0, 8).onProgress(at(0.5));
  progress.span(8, 2).onProgress(at(0.5));
  progress.span(9, 8).onProgress(at(1));
  expect(fractions).toEqual([0.4, 0.9, 1]);
});

test('the whole never falls and stays within 0 and 1, whatever phases report', () => {
  const random = repeatableRandom();
  const { fractions, context } = collect();
  const progress = new WeightedProgress(context, { load: 2, draw: 6, save: 2 });
  const names = ['load', 'draw', 'save'] as const;
  const odd = [Number.NaN, -1, 2, Number.POSITIVE_INFINITY, 0, 1, 0.3];
  for (let i = 0; i < 500; i += 1) {
    const fraction = i % 3 === 0 ? (odd[i % odd.length] ?? 0) : random();
    progress.part(names[Math.floor(random() * 3)] ?? 'load').onProgress(at(fraction));
  }
  expect(fractions).toHaveLength(500);
  expect(fractions.toSorted((a, b) => a - b)).toEqual(fractions);
  expect(fractions[0]).toBeGreaterThanOrEqual(0);
  expect(fractions.at(-1)).toBeLessThanOrEqual(1);
});

test('a skipped phase counts as done once a later one reports; parts nest', () => {
  const { fractions, context } = collect();
  const outer = new WeightedProgress(context, { first: 1, second: 1 });
  const inner = new WeightedProgress(outer.part('second'), { load: 1, run: 3 });
  inner.part('run').onProgress(at(0));
  inner.part('run').onProgress(at(1));
  expect(fractions).toEqual([0.625, 1]);
});
