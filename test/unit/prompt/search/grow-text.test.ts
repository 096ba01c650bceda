import { expect, it } from 'vitest';
import { EMPTY_PLACE } from '../../../../main/prompt/judged-sweep.ts';
import type { JudgeTexts } from '../../../../main/prompt/judged-sweep.ts';
import { growText } from '../../../../main/prompt/search/grow-text.ts';
import { toPlaces } from '../../../../main/prompt/search/word-places.ts';

const empty = [EMPTY_PLACE, EMPTY_PLACE, EMPTY_PLACE];
const places = toPlaces([
  [1, 2],
  [3, 4],
  [5, 6],
]);
/** A text costs 1, less what its words save; at each level a little that all texts share. */
const judgeBy =
  (saved: (text: readonly number[], level: number) => number): JudgeTexts =>
  (texts, levels) =>
    Promise.resolve(texts.map((text) => levels.map((level) => 1 + level - saved(text, level))));
const order = { start: empty, places, evaluations: 1000, isOver: () => false };

it('takes the words that save most, one by one, and leaves a place empty where none does', async () => {
  const worth: Readonly<Record<number, number>> = { 2: 0.3, 1: 0.1, 3: 0.2, 5: -0.1, 6: -0.2 };
  const seen: (readonly number[])[] = [];
  const judge = judgeBy((text) => text.reduce((sum, id) => sum + (worth[id] ?? 0), 0));
  const grown = await growText(order, judge, (text) => seen.push(text));
  expect(grown.tokenIds).toEqual([2, 3, EMPTY_PLACE]);
  expect(seen).toEqual([
    [2, EMPTY_PLACE, EMPTY_PLACE],
    [2, 3, EMPTY_PLACE],
  ]);
});

it('asks for a word again when another has come: it may gain only beside that', async () => {
  const judge = judgeBy(
    (text) => (text.includes(2) ? 0.3 : 0) + (text.includes(2) && text.includes(6) ? 0.2 : text.includes(6) ? -0.1 : 0),
  );
  expect((await growText(order, judge, () => undefined)).tokenIds).toEqual([2, EMPTY_PLACE, 6]);
});

it('does not believe the look that chose a word', async () => {
  const judge: JudgeTexts = (texts, levels) =>
    Promise.resolve(texts.map((text) => levels.map(() => (levels.length === 1 && text.includes(4) ? 0 : 1))));
  expect((await growText(order, judge, () => undefined)).tokenIds).toEqual(empty);
});

it('begins no word when the losses or the time are spent, and counts each loss', async () => {
  let asked = 0;
  const judge = judgeBy((text) => text.filter((id) => id !== EMPTY_PLACE).length);
  const counted: JudgeTexts = (texts, levels) => {
    asked += texts.length * levels.length;
    return judge(texts, levels);
  };
  const { tokenIds, evaluations } = await growText({ ...order, evaluations: 5 }, counted, () => undefined);
  expect(tokenIds.filter((id) => id !== EMPTY_PLACE)).toHaveLength(1);
  expect(evaluations).toBe(asked);
  expect((await growText({ ...order, isOver: () => true }, judge, () => undefined)).tokenIds).toEqual(empty);
});

it('fills places of the same words from the first on', async () => {
  const words = [7, 8];
  const same = toPlaces([words, words, words]);
  const judge = judgeBy((text) => (text.includes(7) ? 0.2 : 0) + (text.includes(8) ? 0.1 : 0));
  expect((await growText({ ...order, places: same }, judge, () => undefined)).tokenIds).toEqual([7, 8, EMPTY_PLACE]);
});
