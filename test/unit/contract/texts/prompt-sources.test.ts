import { expect, test } from 'vitest';
import { listSource, originOf, promptDocumentRecord, readingOf } from '../../../../contract/texts/prompt.ts';
import type { PromptDocument, TokenSource } from '../../../../contract/texts/prompt.ts';
import { readRecord } from '../../../../contract/record.ts';
import { makeSlot } from '../../../helpers/make-slot.ts';

const [own, other] = ['a', 'b'].map((digit) => digit.repeat(64));
const reading = (imageSha256: string | undefined, sha256: string): TokenSource => ({
  type: 'reading',
  sha256,
  packId: 'tiny-scenes',
  imageSha256: imageSha256 ?? null,
  length: 15,
});
const answer: TokenSource = {
  type: 'language',
  provider: 'a-provider',
  model: 'a-model',
  template: { name: 'blend', version: 3 },
};

/** A blend: words of two pictures, of a language model, of a text from elsewhere, and of a hand. */
const blend: PromptDocument = {
  schemaVersion: 2,
  id: 'blend',
  packId: 'tiny-scenes',
  length: null,
  imageSha256: own ?? null,
  sources: [reading(own, 'c'.repeat(64)), reading(other, 'd'.repeat(64)), answer, { type: 'text' }, { type: 'hand' }],
  slots: [0, 1, 2, 3, 4].map((source) => makeSlot(source, 'fox', { source, position: source < 2 ? source : null })),
};

test('a blend is a document: it is stored and read back as it is', () => {
  expect(readRecord(promptDocumentRecord, JSON.parse(JSON.stringify(blend)))).toEqual(blend);
});

test('the colour of a word follows from its source', () => {
  expect(blend.slots.map((slot) => originOf(blend, slot))).toEqual(['imageA', 'imageB', 'language', 'hand', 'hand']);
});

test('each word of a picture names its own reading, the others none', () => {
  expect(blend.slots.map((slot) => readingOf(blend, slot))).toEqual([
    { sha256: 'c'.repeat(64), position: 0 },
    { sha256: 'd'.repeat(64), position: 1 },
    null,
    null,
    null,
  ]);
});

test('a source that is there already is not listed twice; another version of a template is another source', () => {
  expect(listSource(blend.sources, { ...answer })).toEqual({ sources: blend.sources, index: 2 });
  const newer: TokenSource = { ...answer, template: { name: 'blend', version: 4 } };
  expect(listSource(blend.sources, newer)).toEqual({ sources: [...blend.sources, newer], index: 5 });
});

test('a word whose source is not listed is refused', () => {
  const lost = { ...blend, slots: [makeSlot(0, 'fox', { source: 5 })] };
  expect(() => readRecord(promptDocumentRecord, lost)).toThrow('every token has a source');
});
