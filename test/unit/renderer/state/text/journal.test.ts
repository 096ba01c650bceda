import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BrowserStore } from '../../../../../renderer/state/core/browser-store.ts';
import { Journal } from '../../../../../renderer/state/text/history/journal.ts';
import { OpenWork } from '../../../../../renderer/state/text/open-work.svelte.ts';
import { FIRST_RECORDS, NEWER, SECOND_RECORDS } from '../../../../helpers/frozen-records.ts';
import { MemoryStorage } from '../../../../helpers/memory-storage.ts';
import { makeDocument } from '../../../../helpers/make-document.ts';

const sha256 = 'a'.repeat(64);

const journalIn = (store: Storage): Journal =>
  new Journal(
    new BrowserStore(
      () => store,
      () => undefined,
    ),
  );

function workedOn(steps: number): OpenWork {
  const work = new OpenWork(() => 0);
  work.openPicture({ itemId: 'item-1', sha256, width: 64, height: 64, title: 'Fox' }, '75');
  const document = makeDocument(75, sha256);
  work.receiveReadings(sha256, { '75': { document, typed: null, itemId: 'item-2', parentId: 'item-2' } }, null);
  for (let step = 0; step < steps; step += 1) {
    const slots = document.slots.map((slot, index) => (index === step ? { ...slot, weight: 1.5 } : slot));
    work.revise({ ...document, slots }, `Weigh ${step}`, null);
  }
  return work;
}

describe('Journal', () => {
  it('brings back the texts, what was typed, and every step', () => {
    const store = new MemoryStorage();
    const work = workedOn(3);
    work.type('half a sentence');
    expect(journalIn(store).write((limit) => work.history.record(limit), work.pendingText)).toBe(true);

    const left = journalIn(store).read();
    const other = new OpenWork(() => 0);
    if (left !== null) other.restore(left.history, left.pendingText);
    expect(other.text).toBe('half a sentence');
    expect(other.document).toEqual(work.document);
    other.undo();
    expect(other.text).toBe(work.settledText);
    other.undo();
    expect(other.document?.slots.filter((slot) => slot.weight !== 1).map((slot) => slot.id)).toEqual(['s2']);
  });

  it('is small enough that sixty steps of 75 tokens fit well', () => {
    const store = new MemoryStorage();
    const work = workedOn(60);
    journalIn(store).write((limit) => work.history.record(limit), null);
    expect(store.getItem('dediffusion.journal.1')?.length).toBeLessThan(1_500_000);
  });

  it('keeps fewer steps when the store is nearly full, and says when not even one fits', () => {
    const work = workedOn(60);
    const record = (limit: number) => work.history.record(limit);
    const small = new MemoryStorage(300_000);
    expect(journalIn(small).write(record, null)).toBe(true);
    expect(journalIn(small).read()?.history.entries.length).toBeLessThan(61);
    expect(journalIn(new MemoryStorage(1000)).write(record, null)).toBe(false);
  });

  it('brings back what the first version left', () => {
    const store = new MemoryStorage();
    store.setItem('dediffusion.journal.1', readFileSync(join(FIRST_RECORDS, 'page/dediffusion.journal.1.json'), 'utf8'));
    const left = journalIn(store).read();
    const work = new OpenWork(() => 0);
    if (left !== null) work.restore(left.history, left.pendingText);
    expect(work.text).toBe('half a sentence');
    expect(work.document?.slots).toHaveLength(15);
    expect(work.document?.slots[1]).toMatchObject({ weight: 1.3, source: 0, position: 1 });
    expect(work.history.canRedo).toBe(true);
  });

  it.each([
    ['dediffusion.journal.1.json', 0],
    ['dediffusion.journal.1.unstored.json', 1],
  ])('brings back what the second version left: %s', (file, unstored) => {
    const store = new MemoryStorage();
    store.setItem('dediffusion.journal.1', readFileSync(join(SECOND_RECORDS, 'page', file), 'utf8'));
    const journal = journalIn(store);
    const left = journal.read();
    const work = new OpenWork(() => 0);
    if (left !== null) work.restore(left.history, left.pendingText);
    expect(work.text).toBe('half a sentence');
    expect(work.document?.slots[1]).toMatchObject({ weight: 1.3, source: 0, position: 1 });
    expect(work.document?.sources).toMatchObject([
      { type: 'reading', sha256: unstored === 0 ? (expect.stringMatching(/^[0-9a-f]{64}$/) as string) : null },
    ]);
    expect(journal.unstored).toHaveLength(unstored);
  });

  it('leaves what a later studio wrote where it is, says so, and keeps its own work beside it', () => {
    const store = new MemoryStorage();
    const later = JSON.stringify({ schemaVersion: NEWER, entries: 'in a form unknown here' });
    store.setItem('dediffusion.journal.1', later);
    const journal = journalIn(store);
    expect(journal.newer).toMatchObject({ code: 'record-newer' });
    expect(journal.read()).toBeNull();
    journal.write((limit) => workedOn(1).history.record(limit), 'typed here');
    expect(journalIn(store).read()?.pendingText).toBe('typed here');
    expect(store.getItem('dediffusion.journal.1')).toBe(later);
    expect(store.getItem('dediffusion.journal.1.unreadable')).toBeNull();
  });

  it('does not throw away what it cannot read', () => {
    const store = new MemoryStorage();
    store.setItem('dediffusion.journal.1', '{"entries": "from another studio"}');
    expect(journalIn(store).read()).toBeNull();
    expect(store.getItem('dediffusion.journal.1.unreadable')).toContain('another studio');
  });

  it('does not need room twice for what it cannot read', () => {
    const store = new MemoryStorage(1000);
    const text = `{"entries": "${'x'.repeat(800)}"}`;
    store.setItem('dediffusion.journal.1', text);
    expect(journalIn(store).read()).toBeNull();
    expect([...store.names()]).toEqual(['dediffusion.journal.1.unreadable']);
    expect(store.getItem('dediffusion.journal.1.unreadable')).toBe(text);
  });
});
