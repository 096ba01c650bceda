import { beforeAll, describe, expect, it } from 'vitest';
import type { PromptDocument, PromptEdit } from '../../../contract/texts/prompt.ts';
import { promptDocumentSchema } from '../../../contract/texts/prompt.ts';
import type { Alternative } from '../../../contract/texts/reading.ts';
import { collectTokens } from '../../../main/prompt/collect-tokens.ts';
import { createPrompt } from '../../../main/prompt/create-prompt.ts';
import { editPrompt } from '../../../main/prompt/edit-prompt.ts';
import { renderPrompt } from '../../../main/prompt/render-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';
import { encodedAlternatives, encodedDocument } from './encoded-document.ts';
import { randomSource } from '../../helpers/random-source.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadClipTokenizer();
});
const edit = (document: PromptDocument, change: PromptEdit) => editPrompt(document, change, clip);
const choose = (document: PromptDocument, tokenId: number, candidates: readonly Alternative[] | null) =>
  editPrompt(document, { type: 'choose-alternative', slotId: 'q1', tokenId }, clip, candidates);
const textOf = (document: PromptDocument) => renderPrompt(document).text;

describe('editPrompt', () => {
  it('chooses an alternative and finds its way back', () => {
    const before = encodedDocument('red fox', clip);
    const [first, other] = encodedAlternatives(before.slots[1] ?? { tokenId: 0, text: '' }, clip);
    if (first === undefined || other === undefined) throw new Error('no alternatives');
    const chosen = choose(before, other.tokenId, [first, other]);
    expect(textOf(chosen)).toBe('red alternative');
    expect(chosen.slots[1]).toMatchObject({ id: 'q1', exact: false, probability: 0.25, source: 0, position: 1 });
    expect(choose(chosen, first.tokenId, [first, other])).toEqual(before);
  });

  it('takes any token of the vocabulary where no reading is stored, and no other', () => {
    const before = encodedDocument('red fox', clip);
    expect(choose(before, 2368, null).slots[1]).toMatchObject({ text: 'cat', exact: false, probability: null });
    expect(() => choose(before, clip.vocabularySize, null)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('refuses alternatives and slots that are not there', () => {
    const before = encodedDocument('red fox', clip);
    const read = encodedAlternatives(before.slots[1] ?? { tokenId: 0, text: '' }, clip);
    expect(() => choose(before, 7, read)).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(() => edit(before, { type: 'delete', slotIds: ['q0', 'nobody'] })).toThrow(
      expect.objectContaining({ code: 'not-found', details: { slotId: 'nobody' } }),
    );
  });

  it('deletes, mutes, locks and weighs just the named slots', () => {
    const before = encodedDocument('red fox in snow', clip);
    expect(textOf(edit(before, { type: 'delete', slotIds: ['q1', 'q2'] }))).toBe('red snow');
    const muted = edit(before, { type: 'mute', slotIds: ['q0'], muted: true });
    expect(textOf(muted)).toBe('fox in snow');
    expect(collectTokens(muted).tokenIds).toEqual(before.slots.slice(1).map((slot) => slot.tokenId));
    expect(edit(muted, { type: 'mute', slotIds: ['q0'], muted: false })).toEqual(before);
    const locked = edit(before, { type: 'lock', slotIds: ['q3'], locked: true });
    expect(locked.slots.map((slot) => slot.locked ?? false)).toEqual([false, false, false, true]);
    const weighed = edit(before, { type: 'weigh', slotIds: ['q1'], weight: 1.15000000001 });
    expect(collectTokens(weighed).tokenWeights).toEqual([1, 1.15, 1, 1]);
    const stepped = edit(weighed, { type: 'step-weight', slotIds: ['q0', 'q1'], steps: 2 });
    expect(collectTokens(stepped).tokenWeights).toEqual([1.1, 1.25, 1, 1]);
  });

  it('moves slots in front of the counted ones that stay', () => {
    const before = encodedDocument('red fox in snow', clip);
    expect(textOf(edit(before, { type: 'move', slotIds: ['q0'], toIndex: 1 }))).toBe('fox red in snow');
    expect(textOf(edit(before, { type: 'move', slotIds: ['q3', 'q1'], toIndex: 0 }))).toBe('fox snow red in');
    expect(textOf(edit(before, { type: 'move', slotIds: ['q0'], toIndex: 99 }))).toBe('fox in snow red');
  });

  it('lets the token decide about the space where neighbours change', () => {
    const typed = createPrompt({ id: 'typed', packId: 'p', text: 'Hello, World' }, clip);
    expect(textOf(edit(typed, { type: 'delete', slotIds: ['s2'] }))).toBe('Hello World');
    expect(textOf(edit(typed, { type: 'mute', slotIds: ['s2'], muted: true }))).toBe('Hello World');
  });

  it('keeps ids unique, the rest untouched and the input unaltered over 300 random edits', () => {
    const random = randomSource(7);
    const below = (limit: number) => Math.floor(random() * limit);
    let document = encodedDocument('watercolor photo of a red skateboarding fox in a green forest at night', clip);
    for (let round = 0; round < 300; round += 1) {
      const slotIds = document.slots.filter(() => random() < 0.2).map((slot) => slot.id);
      const changes: PromptEdit[] = [
        { type: 'delete', slotIds: slotIds.slice(0, 1) },
        { type: 'lock', slotIds, locked: random() < 0.5 },
        { type: 'mute', slotIds, muted: random() < 0.4 },
        { type: 'weigh', slotIds, weight: below(41) / 20 },
        { type: 'move', slotIds, toIndex: below(document.slots.length + 2) },
        { type: 'set-text', text: `${textOf(document)} ${['fox', 'sunflowers,', '🦊'][below(3)] ?? ''}` },
      ];
      const change = changes[below(changes.length)] ?? { type: 'lock', slotIds: [], locked: true };
      const frozen = structuredClone(document);
      const after = edit(document, change);
      expect(document).toEqual(frozen);
      expect(promptDocumentSchema.safeParse(after).success).toBe(true);
      expect(new Set(after.slots.map((slot) => slot.id)).size).toBe(after.slots.length);
      const named = new Set('slotIds' in change ? change.slotIds : []);
      const old = new Map(document.slots.map((slot) => [slot.id, slot]));
      for (const slot of after.slots) {
        const same = old.get(slot.id);
        if (same !== undefined && !named.has(slot.id)) expect({ ...slot, endsWord: same.endsWord }).toEqual(same);
      }
      document = after;
    }
  });
});
