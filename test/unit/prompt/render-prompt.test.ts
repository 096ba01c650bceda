import { beforeAll, describe, expect, it } from 'vitest';
import { renderPrompt } from '../../../main/prompt/render-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';
import { encodedDocument } from './encoded-document.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadClipTokenizer();
});

describe('renderPrompt', () => {
  it('joins tokens to words and words by spaces, with a range for every slot', () => {
    const document = encodedDocument('a skateboarding giraffe', clip);
    const rendered = renderPrompt(document);
    expect(rendered.text).toBe('a skateboarding giraffe');
    for (const { slotIndex, start, end } of rendered.slots) {
      expect(rendered.text.slice(start, end)).toBe(document.slots[slotIndex]?.text);
    }
    expect(rendered.words.map((word) => word.text)).toEqual(['a', 'skateboarding', 'giraffe']);
  });

  it('leaves muted slots out', () => {
    const document = encodedDocument('red cube blue sky', clip);
    const slots = document.slots.map((slot) => ({ ...slot, muted: slot.text === 'blue' }));
    const rendered = renderPrompt({ ...document, slots });
    expect(rendered.text).toBe('red cube sky');
    expect(rendered.slots.map((slot) => slot.slotIndex)).toEqual([0, 1, 3]);
  });

  it('marks a last word that breaks off, and shows no weights', () => {
    const document = encodedDocument('red cube', clip);
    const slots = document.slots.map((slot) => ({ ...slot, weight: 1.5, endsWord: slot.text !== 'cube' }));
    const rendered = renderPrompt({ ...document, slots });
    expect(rendered.text).toBe('red cube');
    expect(rendered.words.map((word) => word.isWhole)).toEqual([true, false]);
  });

  it('gives slots without characters to the word they stand in', () => {
    const document = encodedDocument('red cube sky', clip);
    const slots = document.slots.map((slot) => (slot.text === 'cube' ? { ...slot, text: '' } : slot));
    const rendered = renderPrompt({ ...document, slots });
    expect(rendered.text).toBe('red sky');
    expect(rendered.words[0]?.slotIndices).toEqual([0, 1]);
  });

  it('renders an empty document as an empty text', () => {
    expect(renderPrompt({ ...encodedDocument('', clip) })).toEqual({ text: '', slots: [], words: [] });
  });
});
