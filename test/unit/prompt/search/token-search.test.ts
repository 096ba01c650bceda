import { expect, it } from 'vitest';
import { searchTokens } from '../../../../main/prompt/search/token-search.ts';
import type { CompareTexts, FoundText, TokenSearchOrder, TokenSearchState } from '../../../../main/prompt/search/token-search.ts';
import type { TokenRows } from '../../../../main/tokenizer/fill-rows.ts';
import type { TokenTable } from '../../../../main/prompt/search/token-table.ts';

const unit = (values: readonly number[]): number[] => values.map((value) => value / Math.hypot(...values));

/** Words 10 to 14 in three directions; 11 says nearly what 10 says. */
const words: Readonly<Record<number, readonly number[]>> = {
  10: unit([1, 0, 0]),
  11: unit([1, 0.1, 0]),
  12: unit([0, 1, 0]),
  13: unit([0, 0, 1]),
  14: unit([-1, -1, -1]),
};
const table: TokenTable = {
  tokenIds: Int32Array.from(Object.keys(words), Number),
  width: 3,
  vectors: Float32Array.from(Object.values(words).flat()),
};
const picture = unit([3, 2, 1]);
/** A text's vector is the direction of the sum of its words'. */
const vectorOf = (text: readonly number[]): number[] =>
  unit(text.reduce((sum, id) => sum.map((value, at) => value + (words[id]?.[at] ?? 0)), [0, 0, 1e-9]));
const textsOf = ({ length, tokenIds }: TokenRows): number[][] =>
  Array.from({ length: tokenIds.length / length }, (_, row) => [...tokenIds.subarray(row * length, (row + 1) * length)]);
const compare: CompareTexts = (rows) =>
  Promise.resolve(
    Float32Array.from(textsOf(rows), (text) => vectorOf(text).reduce((sum, value, at) => sum + value * (picture[at] ?? 0), 0)),
  );
const order: TokenSearchOrder = {
  shortlist: Object.keys(words).map(Number),
  table,
  length: 3,
  given: [],
  aim: 'most',
  diversity: 0.1,
  seed: 1,
};
const nobody = { onStep: () => undefined };

it('finds the words whose text is most like the picture, with the chosen one first at every place', async () => {
  const { tokenIds, alternatives, likeness } = await searchTokens({ ...order, length: 6, diversity: 0 }, compare, nobody);
  expect([...tokenIds].sort()).toEqual([10, 10, 10, 12, 12, 13]);
  expect(likeness).toBeCloseTo(1, 5);
  for (const [place, tried] of alternatives.entries()) {
    expect(tried[0]?.tokenId).toBe(tokenIds[place]);
    const probabilities = tried.map(({ probability }) => probability);
    expect(probabilities).toEqual([...probabilities].sort((a, b) => b - a));
    expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
  }
});

it('says the same twice only where diversity costs nothing', async () => {
  const { tokenIds } = await searchTokens(order, compare, nobody);
  expect(new Set(tokenIds).size).toBe(3);
  const { tokenIds: doubled } = await searchTokens({ ...order, diversity: 0 }, compare, nobody);
  expect(new Set(doubled).size).toBeLessThan(3);
});

it('looks for what fits least, for a negative text', async () => {
  const { tokenIds, likeness } = await searchTokens({ ...order, length: 1, aim: 'least' }, compare, nobody);
  expect(tokenIds).toEqual([14]);
  expect(likeness).toBeLessThan(0);
});

it('keeps locked words, and changes given ones that are not', async () => {
  const given = [
    { tokenId: 14, isLocked: true },
    { tokenId: 14, isLocked: false },
  ];
  const { tokenIds, alternatives } = await searchTokens({ ...order, given }, compare, nobody);
  expect(tokenIds[0]).toBe(14);
  expect(tokenIds[1]).not.toBe(14);
  expect(tokenIds).toHaveLength(3);
  expect(alternatives[0]).toEqual([{ tokenId: 14, probability: 1 }]);
});

it('gives the same text for the same seed, whatever it is', async () => {
  for (const seed of [0, 5, Number.MAX_SAFE_INTEGER]) {
    expect(await searchTokens({ ...order, seed }, compare, nobody)).toEqual(
      await searchTokens({ ...order, seed }, compare, nobody),
    );
  }
});

it('tells the best text after every place, and how far it is', async () => {
  const seen: { text: FoundText; step: number; steps: number }[] = [];
  const found = await searchTokens(order, compare, { onStep: (text, step, steps) => seen.push({ text, step, steps }) });
  expect(seen.map(({ step }) => step)).toEqual(seen.map((_, index) => index + 1));
  expect(seen.slice(0, 3).map(({ text }) => text.tokenIds.length)).toEqual([1, 2, 3]);
  expect(seen.at(-1)?.text).toEqual(found);
  expect(new Set(seen.map(({ steps }) => steps))).toEqual(new Set([3 + 3 * 3]));
});

it('goes on where it was when it died, to the same text, and asks no sweep again', async () => {
  const asked: number[] = [];
  const counted: CompareTexts = (texts) => {
    asked.push(texts.tokenIds.length / texts.length);
    return compare(texts);
  };
  const states: TokenSearchState[] = [];
  const onSweep = (state: TokenSearchState) => states.push(state);
  const long = { ...order, length: 6, diversity: 0.3 };
  const whole = await searchTokens(long, counted, { ...nobody, onSweep });
  const inAll = asked.length;
  expect(states.map(({ sweeps }) => sweeps)[0]).toBe(0);
  expect(states.at(-1)?.sweeps).toBe(3);
  for (const earlier of states) {
    asked.length = 0;
    const steps: number[] = [];
    const again = await searchTokens(long, counted, { onStep: (_, step) => steps.push(step), earlier });
    expect(again).toEqual(whole);
    expect(asked.length).toBeLessThan(inAll);
    if (earlier.sweeps === 3) expect(asked).toEqual([1]);
    else expect(steps[0]).toBe(6 + earlier.sweeps * 6 + 1);
  }
});
