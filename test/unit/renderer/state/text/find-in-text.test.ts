import { describe, expect, it } from 'vitest';
import { findInText } from '../../../../../renderer/state/text/find-in-text.ts';

const found = (text: string, query: string): string[] => findInText(text, query).map(({ from, to }) => text.slice(from, to));

describe('finding words in a text', () => {
  it('finds every place, whatever the case', () => {
    expect(findInText('pig and Pig on a pig', 'PIG')).toEqual([
      { from: 0, to: 3 },
      { from: 8, to: 11 },
      { from: 17, to: 20 },
    ]);
  });

  it('finds whole words only', () => {
    expect(found('a pigment, a pig, guinea-pig and piglets', 'pig')).toEqual(['pig', 'pig']);
    expect(found('ein Häuschen, ein Haus', 'haus')).toEqual(['Haus']);
  });

  it('finds several words with any space between them', () => {
    expect(found('a dark  orange sky and dark orange sea', ' dark orange ')).toEqual(['dark  orange', 'dark orange']);
  });

  it('takes signs as they are, and finds nothing for nothing', () => {
    expect(found('a (b) c', '(b)')).toEqual(['(b)']);
    expect(found('abc', '.')).toEqual([]);
    expect(found('abc', '  ')).toEqual([]);
  });
});
