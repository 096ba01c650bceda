import { expect, it } from 'vitest';
import { EMPTY_PLACE } from '../../../../main/prompt/judged-sweep.ts';
import { toPlaces } from '../../../../main/prompt/search/word-places.ts';
import { quietContext } from '../../../../main/running/run-context.ts';
import type { SearchState } from '../../../../main/services/unfinished-work.ts';
import type { Beginning } from '../../../../main/work/readers/begin-decoder-search.ts';
import { runDecoderSearch } from '../../../../main/work/readers/run-decoder-search.ts';
import type { DecoderSearchParts } from '../../../../main/work/readers/run-decoder-search.ts';

const worth: Readonly<Record<number, number>> = { 1: 0.1, 2: 0.3, 3: 0.2, 4: 0.25, 5: -0.1 };
/** A loss of 1 less what the words are worth, at each level a little that all texts share. */
class WorthJudge {
  evaluations: number;
  calls: number;
  /** Calls that are answered before it dies. */
  readonly #lives: number;
  readonly #dies: () => void;

  constructor(earlier: SearchState | null = null, lives = Infinity, dies = (): void => undefined) {
    this.evaluations = earlier?.evaluations ?? 0;
    this.calls = earlier?.calls ?? 0;
    this.#lives = lives;
    this.#dies = dies;
  }

  readonly judge = (texts: readonly (readonly number[])[], levels: readonly number[]) => {
    this.calls += 1;
    if (this.calls > this.#lives) {
      this.#dies();
      return Promise.reject(new Error('died'));
    }
    this.evaluations += texts.length * levels.length;
    return Promise.resolve(
      texts.map((text) => levels.map((level) => 1 + level - text.reduce((sum, id) => sum + (worth[id] ?? 0), 0))),
    );
  };
  readonly compare = async (texts: readonly (readonly number[])[]) => (await this.judge(texts, [0])).map(([loss = 0]) => loss);
}

const places = toPlaces([[1, 2], [3, 4, 5], [5]]);
const nothing: Beginning = {
  start: [EMPTY_PLACE, EMPTY_PLACE, EMPTY_PLACE],
  places,
  locked: new Set(),
  grows: true,
  sweeps: 3,
  isGuided: false,
  reading: null,
  world: null,
};
const partsOf = (over: Partial<DecoderSearchParts> = {}): DecoderSearchParts => ({
  beginning: nothing,
  judge: new WorthJudge(),
  evaluations: 1000,
  seconds: null,
  earlier: null,
  keep: () => Promise.resolve(),
  onText: () => undefined,
  now: () => 0,
  ...over,
});

it('grows a text, sweeps it until nothing changes, and compares it with the beginning', async () => {
  const { tokenIds, tried, loss } = await runDecoderSearch(partsOf(), quietContext);
  expect(tokenIds).toEqual([2, 4, EMPTY_PLACE]);
  expect(loss).toMatchObject({ before: expect.closeTo(1, 5) as number, after: expect.closeTo(0.45, 5) as number });
  expect(tried[0]?.map(({ tokenId }) => tokenId)).toEqual([2, 1]);
  expect(tried[1]?.[0]?.tokenId).toBe(4);
  expect(tried[2]).toEqual([]);
});

it('tells the text whenever a word of it has changed, and not when none has', async () => {
  const told: (readonly number[])[] = [];
  const onText = (tokenIds: readonly number[]): void => void told.push(tokenIds);
  await runDecoderSearch(partsOf({ onText }), quietContext);
  expect(told).toEqual([
    [2, EMPTY_PLACE, EMPTY_PLACE],
    [2, 4, EMPTY_PLACE],
  ]);
});

it('takes a word back that does not help, and keeps a locked one', async () => {
  const beginning = { ...nothing, start: [5, 5, 5], locked: new Set([1]), grows: false };
  expect((await runDecoderSearch(partsOf({ beginning }), quietContext)).tokenIds).toEqual([2, 5, EMPTY_PLACE]);
});

it('does not ask again for words that were far behind at the last visit', async () => {
  const judge = new WorthJudge();
  const asked: (readonly number[])[] = [];
  const watched = {
    judge: (texts: readonly (readonly number[])[], levels: readonly number[]) => {
      asked.push(...texts);
      return judge.judge(texts, levels);
    },
    compare: judge.compare,
    get evaluations() {
      return judge.evaluations;
    },
    get calls() {
      return judge.calls;
    },
  };
  const swept: number[] = [];
  const keep = (): Promise<void> => Promise.resolve(void swept.push(asked.length));
  // The first sweep changes both words, so that there is a second.
  const beginning = { ...nothing, start: [1, 3, EMPTY_PLACE], grows: false };
  const { tokenIds } = await runDecoderSearch(partsOf({ judge: watched, beginning, keep }), quietContext);
  expect(tokenIds).toEqual([2, 4, EMPTY_PLACE]);
  const second = asked.slice(swept[0]);
  // 1 was .2 behind 2, and 3 was .05 behind 4; the place without a word is tried with none but silence.
  expect(second.some(([first]) => first === 1)).toBe(false);
  expect(second.some(([, middle]) => middle === 3)).toBe(false);
  expect(second.some(([first]) => first === EMPTY_PLACE)).toBe(true);
});

it('goes on after a death from the last sweep that was done', async () => {
  const whole = new WorthJudge();
  const wanted = await runDecoderSearch(partsOf({ judge: whole }), quietContext);
  for (let lives = 0; lives < whole.calls; lives += 1) {
    const kept: SearchState[] = [];
    const keep = (state: SearchState): Promise<void> => Promise.resolve(void kept.push(state));
    const dying = runDecoderSearch(partsOf({ judge: new WorthJudge(null, lives), keep }), quietContext);
    await expect(dying).rejects.toThrow('died');
    const earlier = kept.at(-1) ?? null;
    const judge = new WorthJudge(earlier);
    expect(await runDecoderSearch(partsOf({ judge, earlier }), quietContext)).toEqual(wanted);
    expect(judge.calls).toBe(whole.calls);
  }
});

it('gives the best so far when it is stopped, and nothing where there is nothing yet', async () => {
  const stop = new AbortController();
  const context = { ...quietContext, signal: stop.signal };
  const judge = new WorthJudge(null, 4, () => stop.abort());
  expect(await runDecoderSearch(partsOf({ judge }), context)).toMatchObject({ tokenIds: [2, 4, EMPTY_PLACE], loss: null });
  await expect(runDecoderSearch(partsOf({ judge: new WorthJudge(null, 0) }), context)).rejects.toThrow('died');
});

it('ends when its losses or its seconds are spent', async () => {
  const few = new WorthJudge();
  await runDecoderSearch(partsOf({ judge: few, evaluations: 12 }), quietContext);
  const whole = new WorthJudge();
  await runDecoderSearch(partsOf({ judge: whole }), quietContext);
  expect(few.evaluations).toBeLessThan(whole.evaluations);
  let now = 0;
  const slow = partsOf({ seconds: 2, now: () => (now += 1500) });
  expect((await runDecoderSearch(slow, quietContext)).tokenIds).toEqual([2, EMPTY_PLACE, EMPTY_PLACE]);
});
