import { beforeAll, describe, expect, it } from 'vitest';
import { exportTargetSchema } from '../../../contract/texts/prompt.ts';
import { promptInspectionSchema } from '../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { createPrompt } from '../../../main/prompt/create-prompt.ts';
import { inspectPrompt } from '../../../main/prompt/inspect-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';
import { encodedDocument } from './encoded-document.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadClipTokenizer();
});
const inspect = (document: PromptDocument) => inspectPrompt(document, { tokenizer: clip, clipTokenizer: clip, maxTokens: 75 });

describe('inspectPrompt', () => {
  it('finds no drift in a text that tokenises back to its ids', () => {
    const inspection = inspect(encodedDocument('a photo of a red fox', clip));
    expect(promptInspectionSchema.parse(inspection)).toEqual(inspection);
    expect(inspection).toMatchObject({ text: 'a photo of a red fox', tokenCount: 6, drift: { count: 0, changes: [] } });
  });

  it('names the slots, ids and text of a word that drifts', () => {
    const document = encodedDocument('red fox snow', clip);
    // Two pieces, "sun" and "flower", where the tokenizer knows "sunflower" as one.
    const pieces = ['sun', 'flower'].map((text, index) => {
      const whole = document.slots[1];
      if (whole === undefined) throw new Error('the document has three slots');
      return { ...whole, id: `p${index}`, text, tokenId: clip.encode(text)[0]?.id ?? -1, endsWord: index === 1 };
    });
    const drifting = { ...document, slots: [...document.slots.slice(0, 1), ...pieces, ...document.slots.slice(2)] };
    const { drift, text } = inspect(drifting);
    expect(text).toBe('red sunflower snow');
    expect(drift).toEqual({
      count: 1,
      changes: [
        {
          fromSlot: 1,
          toSlot: 3,
          exactIds: pieces.map((slot) => slot.tokenId),
          retokenisedIds: clip.encode('sunflower').map((span) => span.id),
          text: 'sunflower',
        },
      ],
    });
  });

  it('says what each target would cut', () => {
    const text = Array.from({ length: 80 }, (_, index) => (index % 2 === 0 ? 'red' : 'cat')).join(' ');
    const budgets = new Map(inspect(encodedDocument(text, clip)).budgets.map((budget) => [budget.target, budget]));
    expect([...budgets.keys()]).toEqual(['studio', ...exportTargetSchema.options]);
    const kept = 75 * 4 - 1;
    expect(budgets.get('studio')).toEqual({ target: 'studio', tokens: 80, limit: 75, keptCharacters: kept });
    expect(budgets.get('sdxl')).toEqual({ target: 'sdxl', tokens: 80, limit: 75, keptCharacters: kept });
    expect(budgets.get('a1111')).toEqual({ target: 'a1111', tokens: 80, limit: null, keptCharacters: null });
  });

  it('does not count muted slots', () => {
    const document = encodedDocument('red fox snow', clip);
    const muted = { ...document, slots: document.slots.map((slot) => ({ ...slot, muted: slot.text === 'fox' })) };
    expect(inspect(muted)).toMatchObject({ text: 'red snow', tokenCount: 2, drift: { count: 0 } });
  });

  it('takes emoji, punctuation and numbers typed by hand without drift', () => {
    const typed = createPrompt({ id: 't', packId: 'p', text: "Hello, World! 1990s 👍🏽 don't (x:1.2)" }, clip);
    expect(inspect(typed).drift.changes).toEqual([]);
  });
});
