import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Page } from '../../../../../renderer/state/page.svelte.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

const wordsOf = (page: Page) => page.wordTools.values.finding?.result.words;

it('what the words are worth is there again after a reload, and only for the text it was measured for', async () => {
  const store = new MemoryStorage();
  const first = await bench.startPage(store);
  first.preferences.set({ length: 5 });
  await first.reading.openItem(await bench.addScene('Pig'));
  await first.wordTools.measureValues();
  await bench.until(() => expect(wordsOf(first)).toBeDefined());
  const measured = wordsOf(first);
  first.keep();
  first.stop();

  const second = await bench.startPage(store);
  await bench.until(() => expect(wordsOf(second)).toEqual(measured));
  expect(second.wordTools.valuesAreOld).toBe(false);
  second.editing.type('a fox');
  await second.editing.settle();
  expect(second.wordTools.valuesAreOld).toBe(true);
  // Another word on a place has no value, and none is coloured by that of the word before it.
  const kept = new Map(measured?.flatMap(({ slotIds, value }) => slotIds.map((id) => [id, value] as const)));
  for (const slot of second.work.document?.slots ?? []) {
    const same = first.work.document?.slots.find(({ id }) => id === slot.id)?.tokenId === slot.tokenId;
    const expected = same ? kept.get(slot.id) : undefined;
    expect(second.wordTools.valueOf(slot.id)?.value).toBe(expected);
    if (expected === undefined) expect(second.wordTools.scale?.levels.has(slot.id)).toBe(false);
  }
  second.keep();
  second.stop();

  const third = await bench.startPage(store);
  expect(third.work.text).toBe('a fox');
  await third.wordTools.resume(await bench.core.client.jobs.list());
  expect(wordsOf(third)).toBeUndefined();
});
