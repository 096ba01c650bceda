import { beforeAll, describe, expect, it } from 'vitest';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { originOf, promptDocumentSchema } from '../../../../contract/texts/prompt.ts';
import { editPrompt } from '../../../../main/prompt/edit-prompt.ts';
import { renderPrompt } from '../../../../main/prompt/render-prompt.ts';
import { loadClipTokenizer } from '../../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../../main/tokenizer/tokenizer.ts';
import { encodedDocument } from '../encoded-document.ts';
import { randomSource } from '../../../helpers/random-source.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadClipTokenizer();
});
const setText = (document: PromptDocument, text: string) => editPrompt(document, { type: 'set-text', text }, clip);
const textOf = (document: PromptDocument) => renderPrompt(document).text;

describe('set-text', () => {
  it('keeps every slot outside the changed word as it is', () => {
    const before = encodedDocument('watercolor photo of a red fox in a forest', clip);
    const weighed = { ...before, slots: before.slots.map((slot) => ({ ...slot, weight: 1.2, locked: true })) };
    const after = setText(weighed, 'watercolor photo of a blue fox in a forest');
    expect(textOf(after)).toBe('watercolor photo of a blue fox in a forest');
    expect(after.slots.filter((slot) => originOf(after, slot) === 'imageA')).toEqual(
      weighed.slots.filter((slot) => slot.text !== 'red'),
    );
    const typed = after.slots.filter((slot) => originOf(after, slot) === 'hand');
    expect(typed).toMatchObject([{ text: 'blue', exact: false, probability: null, position: null, weight: 1.2, locked: true }]);
  });

  it('keeps what stands between two changes', () => {
    const before = encodedDocument('red fox in a green forest', clip);
    const after = setText(before, 'blue fox in a dark forest at night');
    expect(after.slots.filter((slot) => slot.exact).map((slot) => slot.text)).toEqual(['fox', 'in', 'a', 'forest']);
  });

  it('returns the same document when only white space differs', () => {
    const before = encodedDocument('red fox', clip);
    expect(setText(before, '  red \n fox ')).toBe(before);
  });

  it('empties and fills', () => {
    const before = encodedDocument('red fox', clip);
    const empty = setText(before, '');
    expect(empty.slots).toEqual([]);
    expect(textOf(setText(empty, 'a cat'))).toBe('a cat');
  });

  it('leaves muted slots where they stand', () => {
    const before = encodedDocument('red fox in snow', clip);
    const muted = editPrompt(before, { type: 'mute', slotIds: ['q1'], muted: true }, clip);
    const after = setText(muted, 'blue bear in snow');
    expect(after.slots.map((slot) => slot.text)).toEqual(['blue', 'bear', 'fox', 'in', 'snow']);
    expect(textOf(after)).toBe('blue bear in snow');
  });

  it('types a broken-off last word again when a word follows it', () => {
    const before = encodedDocument('red cube', clip);
    const broken = { ...before, slots: before.slots.map((slot) => ({ ...slot, endsWord: slot.text !== 'cube' })) };
    const after = setText(broken, 'red cube falling');
    expect(textOf(after)).toBe('red cube falling');
    expect(after.slots[0]).toEqual(before.slots[0]);
    expect(after.slots[1] && originOf(after, after.slots[1])).toBe('hand');
  });

  it('refuses more tokens than a document holds and leaves the old one alone', () => {
    const before = encodedDocument('red fox', clip);
    const copy = structuredClone(before);
    expect(() => setText(before, 'x '.repeat(5000))).toThrow(expect.objectContaining({ code: 'prompt-too-long' }));
    expect(() => setText(before, '\u{1f98a}\u{1f3d4}'.repeat(3000))).toThrow(
      expect.objectContaining({ code: 'prompt-too-long' }),
    );
    expect(before).toEqual(copy);
  });

  it('holds its promises over 300 random edits', () => {
    const random = randomSource(20231101);
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
    const vocabulary = [
      'red',
      'Fox',
      'forest,',
      'sunflowers',
      'skateboarding',
      '1990s',
      '🦊🏔️',
      'naïve',
      'a',
      'in',
      '(b)',
      "don't",
      '\u0007x',
    ];
    let document = encodedDocument('watercolor photo of a red fox in a green forest at night', clip);
    for (let round = 0; round < 300; round += 1) {
      const words = textOf(document)
        .split(' ')
        .filter((word) => word !== '');
      const at = Math.floor(random() * (words.length + 1));
      words.splice(at, Math.floor(random() * 3), ...Array.from({ length: Math.floor(random() * 3) }, () => pick(vocabulary)));
      const text = words.join(' ');
      const after = setText(document, text);
      expect(textOf(after)).toBe(text);
      expect(promptDocumentSchema.safeParse(after).success).toBe(true);
      expect(new Set(after.slots.map((slot) => slot.id)).size).toBe(after.slots.length);
      expect(setText(after, text)).toBe(after);
      const old = new Map(document.slots.map((slot) => [slot.id, slot]));
      for (const slot of after.slots) {
        const same = old.get(slot.id);
        if (same !== undefined) expect(slot).toBe(same);
      }
      document = after;
    }
  });
});
