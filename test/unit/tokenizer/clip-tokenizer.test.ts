import { beforeAll, describe, expect, it } from 'vitest';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';

let tokenizer: Tokenizer;
beforeAll(async () => {
  tokenizer = await loadClipTokenizer();
});

const ids = (text: string): number[] => tokenizer.encode(text).map((token) => token.id);
const ranges = (text: string): string[] => tokenizer.encode(text).map(({ start, end }) => text.slice(start, end));

describe('CLIP vocabulary', () => {
  it('has 49,408 tokens with begin, end and padding where CLIP has them', () => {
    const { vocabularySize, bosId, eosId, padId, modelMaxLength } = tokenizer;
    expect({ vocabularySize, bosId, eosId, padId, modelMaxLength }).toEqual({
      vocabularySize: 49408,
      bosId: 49406,
      eosId: 49407,
      padId: 49407,
      modelMaxLength: 77,
    });
  });

  it('is read once', async () => {
    expect(await loadClipTokenizer()).toBe(tokenizer);
  });
});

describe('encode', () => {
  it('gives every token the characters it came from', () => {
    expect(ranges('  A photo,  of\ta CAT!')).toEqual(['A', 'photo', ',', 'of', 'a', 'CAT', '!']);
    expect(ranges('photorealistic')).toEqual(['photo', 'realistic']);
    expect(tokenizer.encode('Tom')).toEqual([{ id: 2435, text: 'tom', endsWord: true, start: 0, end: 3 }]);
  });

  it('covers whole characters when a token holds part of one', () => {
    expect(ranges('語👍🏽ß')).toEqual(expect.arrayContaining(['語', '👍🏽']));
    for (const part of ranges('日本語 İstanbul ﬁne Ⅷ 👩‍👩‍👧')) expect(part).not.toMatch(/\p{Surrogate}/u);
  });

  it('finds the original of composed and of lengthened characters', () => {
    const decomposed = 'cafe\u0301 bar';
    expect(ranges(decomposed)).toEqual(['cafe\u0301', 'bar']);
    expect(ids(decomposed)).toEqual(ids('café bar'));
    expect(ranges('\u1112\u1161\u11ab x').at(-1)).toBe('x');
    expect(ranges('İx end')).toEqual(['İ', 'İ', 'x', 'end']);
  });

  it('marks where words end', () => {
    expect(tokenizer.encode('photorealistic cat').map((token) => token.endsWord)).toEqual([false, true, true]);
  });

  it('recognises special tokens as written, with their place', () => {
    const text = 'hi <|endoftext|>there';
    expect(ids(text)).toEqual([1883, 49407, 997]);
    expect(ranges(text)).toEqual(['hi', '<|endoftext|>', 'there']);
  });

  it('has no tokens for nothing', () => {
    expect(tokenizer.encode('')).toEqual([]);
    expect(tokenizer.encode(' \n\t\u00a0\u3000\u2028')).toEqual([]);
  });

  it('takes any string: lone surrogates, NUL, control characters, marks alone', () => {
    const text = '\ud800\0\u0007a\udc00 \u0301\u200d\ufeff\uffff';
    const spans = tokenizer.encode(text);
    expect(spans.length).toBeGreaterThan(5);
    for (const span of spans) expect(span.end).toBeGreaterThan(span.start);
    expect(() => tokenizer.decode(ids(text))).not.toThrow();
  });

  it('takes prompts of 10,000 words and words of 100,000 characters, in order and without gaps', () => {
    const words = Array.from({ length: 10_000 }, (_, index) => `word${index * 7919} 👍🏽`).join(' ');
    const endless = 'abcdefghijklmnop'.repeat(6_250);
    for (const text of [words, endless, '👍🏽'.repeat(10_000)]) {
      const spans = tokenizer.encode(text);
      let previous = { start: 0, end: 0 };
      for (const span of spans) {
        expect(span.start >= previous.end || span.start === previous.start).toBe(true);
        previous = span;
      }
      expect(previous.end).toBe(text.length);
    }
  });
});

describe('decode and tokenText', () => {
  it('gives the words back with single spaces', () => {
    expect(tokenizer.decode(ids('A  photorealistic CAT, café 日本語 👍🏽'))).toBe('a photorealistic cat , café 日本語 👍🏽');
    expect(tokenizer.decode([])).toBe('');
  });

  it('leaves special tokens out', () => {
    expect(tokenizer.decode([49406, 320, 2368, 49407, 49407])).toBe('a cat');
  });

  it('tells a token without its end-of-word mark', () => {
    expect(tokenizer.tokenText(2368)).toEqual({ text: 'cat', endsWord: true });
    expect(tokenizer.tokenText(49407)).toEqual({ text: '<|endoftext|>', endsWord: true });
  });

  it('refuses an id outside the vocabulary', () => {
    expect(() => tokenizer.tokenText(49408)).toThrow(expect.objectContaining({ code: 'prompt-invalid' }));
    expect(() => tokenizer.decode([320, 1_000_000])).toThrow(expect.objectContaining({ code: 'prompt-invalid' }));
  });
});

describe('toModelInputs', () => {
  it('begins, ends and pads every row', () => {
    const rows = tokenizer.toModelInputs([[320, 2368], []], { maxLength: 6 });
    expect([...rows.subarray(0, 6)]).toEqual([49406n, 320n, 2368n, 49407n, 49407n, 49407n]);
    expect([...rows.subarray(6)]).toEqual([49406n, 49407n, 49407n, 49407n, 49407n, 49407n]);
  });

  it('cuts what does not fit before the end token', () => {
    const row = tokenizer.toModelInputs([Array.from({ length: 100 }, (_, index) => index)], { maxLength: 77 });
    expect(row).toHaveLength(77);
    expect(row[75]).toBe(74n);
    expect(row[76]).toBe(49407n);
  });
});
