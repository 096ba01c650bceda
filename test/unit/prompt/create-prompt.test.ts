import { beforeAll, describe, expect, it } from 'vitest';
import { originOf, promptDocumentSchema } from '../../../contract/texts/prompt.ts';
import { createPrompt } from '../../../main/prompt/create-prompt.ts';
import { renderPrompt } from '../../../main/prompt/render-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadClipTokenizer();
});
const create = (text: string) => createPrompt({ id: 'new', packId: 'tiny-scenes', text }, clip);

describe('createPrompt', () => {
  it('makes a document of the contract with slots of hand origin', () => {
    const document = create('a photo of a cat');
    expect(promptDocumentSchema.parse(document)).toEqual(document);
    expect(document.slots.map((slot) => slot.tokenId)).toEqual([320, 1125, 539, 320, 2368]);
    expect(new Set(document.slots.map((slot) => originOf(document, slot)))).toEqual(new Set(['hand']));
    expect(document.slots.every((slot) => !slot.exact && slot.probability === null && slot.position === null)).toBe(true);
    expect(document.length).toBeNull();
  });

  it.each(['Hello, World! 1990s', "don't can't", 'café naïve', '日本語', '👍🏽 ok', 'x_y {a|b} (c:1.2)', 'a'.repeat(300)])(
    'keeps %j as typed',
    (text) => expect(renderPrompt(create(text)).text).toBe(text),
  );

  it('takes white space and control characters without harm', () => {
    expect(renderPrompt(create('  red \n\t cube  ')).text).toBe('red cube');
    expect(create('').slots).toEqual([]);
    expect(create('   ').slots).toEqual([]);
    const odd = create('a\u0000b \u001b[31mred \u200dx \ud800');
    expect(promptDocumentSchema.safeParse(odd).success).toBe(true);
  });

  it('refuses what a document cannot hold, and says how much it can', () => {
    expect(() => create('cat '.repeat(10_000))).toThrow(
      expect.objectContaining({ code: 'prompt-too-long', details: expect.objectContaining({ limit: 4096 }) as unknown }),
    );
    expect(create('cat '.repeat(4096)).slots).toHaveLength(4096);
  });
});
