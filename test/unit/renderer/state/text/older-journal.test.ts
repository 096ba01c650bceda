import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { originOf } from '../../../../../contract/texts/prompt.ts';
import { namedReadings } from '../../../../../renderer/state/text/history/named-readings.ts';
import { FIRST_RECORDS } from '../../../../helpers/frozen-records.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';
import { CoreBench } from '../../core-bench.ts';

const key = 'dediffusion.journal.1';
const frozen = readFileSync(join(FIRST_RECORDS, 'page', `${key}.json`), 'utf8');

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

it('a journal of version 1 opens with its candidates and attention, in every step and after another start', async () => {
  const store = new MemoryStorage();
  store.setItem(key, frozen);
  const first = await bench.startPage(store);
  const namesAll = () => expect(namedReadings(first.work.history.entries).length).toBeGreaterThan(0);
  await bench.until(namesAll);
  for (const { state } of first.work.history.entries) {
    for (const { document } of Object.values(state.versions)) {
      expect(document.sources.filter((source) => source.type === 'reading' && source.sha256 === null)).toEqual([]);
    }
  }
  first.keep();
  first.stop();
  expect(store.getItem(key)).not.toContain('alternatives');

  const again = await bench.startPage(store);
  // The text of a step: the open one becomes a hand's as soon as the half sentence is taken up.
  const step = again.work.history.entries.find(({ label }) => label === 'Weigh');
  const document = step?.state.versions['15']?.document;
  const slot = document?.slots[1];
  if (document === undefined || slot === undefined) throw new Error('a text of 15 tokens');
  expect(originOf(document, slot)).toBe('imageA');
  await bench.until(() => expect(again.words.alternatives(slot)).toHaveLength(4));
  expect(again.readings.attention(document, slot)).toHaveLength(64);
});

it('what the core does not take stays in the journal', async () => {
  const store = new MemoryStorage();
  store.setItem(key, frozen.replaceAll('"tiny-scenes"', '"gone-scenes"'));
  const page = await bench.startPage(store);
  page.stop();
  page.keep();
  expect(store.getItem(key)).toContain('alternatives');
  expect(page.work.document?.slots).toHaveLength(15);
});
