import { expect, it } from 'vitest';
import { summariseSearch, tellTruth } from '../../../main/shell/cli/summarise-search.ts';
import type { MeasuredText } from '../../../main/shell/cli/summarise-search.ts';

const measured = (path: string, budget: number, similarity: number, over: Partial<MeasuredText> = {}): MeasuredText => ({
  path,
  from: 'encoder',
  budget,
  similarity,
  pixelError: 0.2,
  seconds: budget / 100,
  loss: budget === 0 ? null : { before: 0.4, after: 0.3, evaluations: budget - 10 },
  words: [],
  told: null,
  ...over,
});

it('compares each budget with the text that a search began with, picture by picture', () => {
  const steps = summariseSearch([
    measured('a', 0, 0.8),
    measured('a', 100, 0.9),
    measured('b', 0, 0.6),
    measured('b', 100, 0.9),
    measured('a', 100, 0.5, { from: 'nothing' }),
  ]);
  expect(steps.map(({ from, budget, images }) => [from, budget, images])).toEqual([
    ['encoder', 0, 2],
    ['encoder', 100, 2],
    ['nothing', 100, 1],
  ]);
  const [none, some, grown] = steps;
  expect(none).toMatchObject({ gain: { mean: 0, error: 0 }, loss: null, evaluations: 0 });
  expect(some?.similarity).toBeCloseTo(0.9, 6);
  expect(some?.gain?.mean).toBeCloseTo(0.2, 6);
  // 0.1 and 0.3: a standard deviation of √0.02, over √2.
  expect(some?.gain?.error).toBeCloseTo(0.1, 6);
  expect(some).toMatchObject({ loss: 0.3, evaluations: 90, recall: null });
  expect(grown?.gain).toBeNull();
});

it('counts what is true of a picture, kind by kind', () => {
  const facts = {
    pictures: { 'a.png': { words: ['red', 'fox', 'plain'], objects: ['fox', 'car'] } },
    kinds: { colour: ['red', 'blue'], object: ['car', 'fox'] },
  };
  const told = tellTruth(['red', 'fox', 'blue', 'so'], 'a.png', facts);
  const [step] = summariseSearch([measured('a', 0, 1, { told }), measured('b', 0, 1, { told })]);
  expect(step).toMatchObject({ recall: 0.5, wordsTrue: 4, wordsFalse: 4 });
  expect(step?.kinds).toEqual([
    { kind: 'colour', wordsTrue: 2, wordsFalse: 2 },
    { kind: 'object', wordsTrue: 2, wordsFalse: 0 },
  ]);
  expect(tellTruth(['red'], 'b.png', facts)).toBeNull();
});
