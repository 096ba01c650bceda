import { beforeAll, describe, expect, it } from 'vitest';
import { parsePromptFile } from '../../../main/prompt/parse-prompt-file.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';
import { encodedDocument } from './encoded-document.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadClipTokenizer();
});
const parse = (text: string) => parsePromptFile(new TextEncoder().encode(text));

describe('parsePromptFile', () => {
  it('reads back a document as JSON', () => {
    const document = encodedDocument('red fox in snow', clip);
    expect(parse(JSON.stringify(document, null, 2))).toEqual({ type: 'document', document });
  });

  it('reads the document out of a library item', () => {
    const document = encodedDocument('red fox', clip);
    expect(parse(JSON.stringify({ kind: 'prompt', title: 'x', prompt: document }))).toEqual({ type: 'document', document });
    const shown = { item: { kind: 'prompt', prompt: document }, ancestors: [] };
    expect(parse(JSON.stringify(shown))).toEqual({ type: 'document', document });
  });

  it('takes anything else as text, braces and a byte order mark included', () => {
    expect(parse('\ufeffa red fox\n')).toEqual({ type: 'text', text: 'a red fox' });
    expect(parse('{red|blue} cat')).toEqual({ type: 'text', text: '{red|blue} cat' });
  });

  it.each([
    ['', 'prompt-empty'],
    [' \n', 'prompt-empty'],
    ['{"schemaVersion": 1,', 'prompt-invalid'],
    ['{"schemaVersion": 2}', 'prompt-invalid'],
    ['{}', 'prompt-invalid'],
    ['cat '.repeat(30_000), 'prompt-too-long'],
  ])('refuses %.24j as %s', (text, code) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses bytes that are not UTF-8 and ids given twice', () => {
    expect(() => parsePromptFile(new Uint8Array([0x89, 0x50, 0xff]))).toThrow(
      expect.objectContaining({ code: 'prompt-invalid' }),
    );
    const document = encodedDocument('red fox', clip);
    const twice = { ...document, slots: document.slots.map((slot) => ({ ...slot, id: 'one' })) };
    expect(() => parse(JSON.stringify(twice))).toThrow(expect.objectContaining({ code: 'prompt-invalid' }));
  });
});
