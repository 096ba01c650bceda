import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PromptDocument } from '../../../../../contract/texts/prompt.ts';
import { visibleWords } from '../../../../../contract/texts/words.ts';
import { BrowserStore } from '../../../../../renderer/state/core/browser-store.ts';
import { BlendJournal } from '../../../../../renderer/state/blend/blend-journal.ts';
import { FIRST_RECORDS, FOURTH_RECORDS, NEWER, SIXTH_RECORDS } from '../../../../helpers/frozen-records.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';

const key = 'dediffusion.blend.1';
const frozen = readFileSync(join(FIRST_RECORDS, 'page', `${key}.json`), 'utf8');

function openOn(text: string): { store: MemoryStorage; journal: BlendJournal } {
  const store = new MemoryStorage();
  store.setItem(key, text);
  const journal = new BlendJournal(
    new BrowserStore(
      () => store,
      (trouble) => expect.fail(trouble),
    ),
  );
  return { store, journal };
}

const wordsOf = (document: PromptDocument | undefined): string =>
  visibleWords(document?.slots ?? [])
    .map(({ text }) => text)
    .join(' ');

it('of the first version holds both sides, both blends, the answer that waits and what was typed', () => {
  const { journal } = openOn(frozen);
  const record = journal.read();
  const state = record?.entries[record.index]?.state;
  expect(wordsOf(Object.values(state?.a?.texts ?? {})[0]?.document)).toBe('a red robot on a road, oil painting');
  expect(wordsOf(state?.aPlusB?.document)).toBe('a red robot in a misty forest, watercolor');
  expect(record?.proposed.aPlusB).toMatchObject({ writer: 'mine', checks: { setting: false } });
  expect(record?.pending.bPlusA).toBe('a deer asleep on a road');
  expect(record?.order).toMatchObject({ writer: 'mine', instruction: 'keep the fog' });
  expect(record?.many).toEqual({ isOpen: false, sources: [], matrixId: null });
});

it('of the second version knows several pictures and their matrix as well', () => {
  const { journal } = openOn(readFileSync(join(FOURTH_RECORDS, 'page', `${key}.json`), 'utf8'));
  const many = journal.read()?.many;
  expect(many).toMatchObject({ isOpen: true, matrixId: '01a22838-ef3f-713a-b5bb-a2d3172431cd' });
  expect(many?.sources.map(({ title, sha256 }) => [title, sha256 === null])).toEqual([
    ['fox', false],
    ['a red robot on a road', true],
  ]);
});

it('of the third version knows texts that were mixed by likelihood', () => {
  const { journal } = openOn(readFileSync(join(SIXTH_RECORDS, 'page', `${key}.json`), 'utf8'));
  expect(journal.read()?.proposed.aPlusB?.mix).toEqual({ share: 0.4, how: 'likely', byHand: {} });
});

it('of a later studio is neither read nor written over', () => {
  const later = JSON.stringify({ schemaVersion: NEWER, entries: 'of a form unknown here' });
  const { store, journal } = openOn(later);
  expect(journal.newer?.code).toBe('record-newer');
  expect(journal.read()).toBeNull();
  const record = openOn(frozen).journal.read();
  if (record === null) throw new Error('The frozen one is read.');
  journal.write(() => record);
  expect(store.getItem(key)).toBe(later);
  expect(store.getItem(`${key}.beside-newer`)).not.toBeNull();
});

it('that cannot be read is kept under another name', () => {
  const { store, journal } = openOn('{"entries": []}');
  expect(journal.read()).toBeNull();
  expect(store.getItem(`${key}.unreadable`)).toBe('{"entries": []}');
});
