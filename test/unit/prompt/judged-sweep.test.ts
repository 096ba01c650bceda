import { expect, it } from 'vitest';
import { judgedSweep } from '../../../main/prompt/judged-sweep.ts';
import type { JudgeTexts } from '../../../main/prompt/judged-sweep.ts';
import type { SearchPlace } from '../../../main/prompt/search-text.ts';

const place = (index: number, ...candidates: (readonly [number, number])[]): SearchPlace => ({
  index,
  candidates: candidates.map(([tokenId, probability]) => ({ tokenId, probability })),
});

/** The loss of a text is what each of its words costs, and at each look a little that all texts share. */
function judgeBy(costs: Readonly<Record<number, number>>, asked: (readonly number[])[] = []): JudgeTexts {
  return (texts, levels) => {
    asked.push(...texts);
    return Promise.resolve(
      texts.map((text) => levels.map((level) => level + text.reduce((sum, tokenId) => sum + (costs[tokenId] ?? 0), 0))),
    );
  };
}
const nobody = (): undefined => undefined;

it('takes the words that tell the picture better, each at its place', async () => {
  const order = {
    start: [1, 2, 3],
    places: [place(0, [1, 0.6], [4, 0.3]), place(2, [3, 0.5], [5, 0.2], [6, 0.2])],
    evaluations: 1000,
  };
  const costs = { 1: 0.1, 4: 0.02, 3: 0.05, 5: 0.2, 6: 0.01 };
  const seen: (readonly number[])[] = [];
  const outcome = await judgedSweep(order, judgeBy(costs), (text, done) => seen.push([done, ...text]));
  expect(outcome).toMatchObject({ tokenIds: [4, 2, 6], changes: 2 });
  expect(seen).toEqual([
    [1, 4, 2, 3],
    [2, 4, 2, 6],
  ]);
});

it('counts every loss it asks for', async () => {
  let losses = 0;
  const judge: JudgeTexts = (texts, levels) => {
    losses += texts.length * levels.length;
    return judgeBy({ 4: -0.1 })(texts, levels);
  };
  const order = { start: [1], places: [place(0, [1, 0.5], [4, 0.3], [5, 0.1])], evaluations: 1000 };
  const { evaluations } = await judgedSweep(order, judge, nobody);
  expect(evaluations).toBe(losses);
});

it('lets a word stay where the other gains less than the reader holds it unlikely', async () => {
  const places = [place(0, [1, 0.9], [4, 0.01])];
  // ln(.9 / .01) is 4.5 nats, .009 of loss.
  const at = (gain: number) => judgedSweep({ start: [1], places, evaluations: 1000 }, judgeBy({ 1: gain }), nobody);
  expect((await at(0.008)).tokenIds).toEqual([1]);
  expect((await at(0.01)).tokenIds).toEqual([4]);
});

it('does not believe the look that chose a word', async () => {
  // Better at the two first levels alone, as the luckiest of several rivals is.
  const judge: JudgeTexts = (texts, levels) =>
    Promise.resolve(texts.map(([tokenId]) => levels.map(() => (levels.length === 2 && tokenId === 4 ? 0 : 0.1))));
  const order = { start: [1], places: [place(0, [1, 0.5], [4, 0.4])], evaluations: 1000 };
  expect(await judgedSweep(order, judge, nobody)).toMatchObject({ tokenIds: [1], changes: 0 });
});

it('believes a gain that is larger than its own error, and no other', async () => {
  const gains =
    (values: readonly number[]): JudgeTexts =>
    (texts, levels) =>
      Promise.resolve(texts.map(([tokenId]) => levels.map((_, look) => (tokenId === 4 ? 0.5 - (values[look] ?? 0) : 0.5))));
  const order = { start: [1], places: [place(0, [1, 0.5], [4, 0.5])], evaluations: 1000 };
  expect((await judgedSweep(order, gains([0.02, 0.02, 0.02, 0.02]), nobody)).tokenIds).toEqual([4]);
  expect((await judgedSweep(order, gains([0.2, 0.2, -0.15, -0.15]), nobody)).tokenIds).toEqual([1]);
});

it('asks nothing about a place of which the reader is sure, and nothing more when the budget is spent', async () => {
  const asked: (readonly number[])[] = [];
  const places = [place(0, [1, 0.999], [4, 0.001]), place(1, [2, 0.5], [5, 0.5]), place(2, [3, 0.5], [6, 0.5])];
  const outcome = await judgedSweep({ start: [1, 2, 3], places, evaluations: 1 }, judgeBy({ 3: 1 }, asked), nobody);
  expect(asked.every(([first]) => first === 1)).toBe(true);
  expect(asked.every(([, , third]) => third === 3)).toBe(true);
  expect(outcome.tokenIds).toEqual([1, 2, 3]);
});

it('asks of many rivals only the best of the first level at the second, and comes to the same word', async () => {
  const rivals = Array.from({ length: 20 }, (_, index): [number, number] => [10 + index, 0.05]);
  const costs = { 1: 0.1, 17: -0.3, 12: -0.2 };
  const order = { start: [1], places: [place(0, [1, 0.05], ...rivals)], evaluations: 1000 };
  const asked = async (second?: number) => {
    const width = { rivals: 80, finalists: 2, ...(second === undefined ? {} : { second }) };
    return judgedSweep({ ...order, width }, judgeBy(costs), nobody);
  };
  const [all, few] = [await asked(), await asked(5)];
  expect(all.tokenIds).toEqual([17]);
  expect(few.tokenIds).toEqual([17]);
  // A level of all 20 and the text's own word, then of 5 and it.
  expect(all.evaluations - few.evaluations).toBe(2 * 21 - (21 + 6));
});
