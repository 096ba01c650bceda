import { describe, expect, it } from 'vitest';
import { searchText } from '../../../main/prompt/search-text.ts';
import type { SearchPlace } from '../../../main/prompt/search-text.ts';

const place = (index: number, ...tokenIds: number[]): SearchPlace => ({
  index,
  candidates: tokenIds.map((tokenId, rank) => ({ tokenId, probability: 1 / (rank + 2 + index) })),
});

/** How many tokens of a hidden text are in place, with a pair that only helps together. */
function hiddenScore(hidden: readonly number[], asked: (readonly number[])[] = []) {
  return (texts: readonly (readonly number[])[]): Promise<number[]> => {
    asked.push(...texts);
    return Promise.resolve(texts.map((text) => text.filter((tokenId, index) => tokenId === hidden[index]).length));
  };
}

describe('searchText', () => {
  it('finds what one change at a time can find, and leaves places that may not change', async () => {
    const asked: (readonly number[])[] = [];
    const places = [place(0, 10, 11), place(2, 30, 31, 32), place(3, 40, 41)];
    const order = { start: [1, 2, 3, 4], places, texts: 50, batch: 3 };
    const found = await searchText(order, hiddenScore([11, 99, 32, 40], asked));
    expect(found).toMatchObject({ tokenIds: [11, 2, 32, 40], startScore: 0, score: 3 });
    expect(asked[0]).toEqual([1, 2, 3, 4]);
    expect(asked[1]).toEqual([10, 2, 30, 40]);
    expect(asked.every((text) => text[1] === 2)).toBe(true);
  });

  it('scores no text twice and no more than it may', async () => {
    const asked: (readonly number[])[] = [];
    const places = [0, 1, 2, 3].map((index) => place(index, 10 + index, 20 + index, 30 + index));
    for (const texts of [1, 2, 7, 100]) {
      asked.length = 0;
      const found = await searchText({ start: [0, 0, 0, 0], places, texts, batch: 4 }, hiddenScore([30, 31, 32, 33], asked));
      expect(asked.length).toBeLessThanOrEqual(texts);
      expect(found.scored).toBe(asked.length);
      expect(new Set(asked.map((text) => text.join(' '))).size).toBe(asked.length);
    }
  });

  it('never ends below its start', async () => {
    const worse = (texts: readonly (readonly number[])[]) =>
      Promise.resolve(texts.map((text) => (text.every((tokenId) => tokenId === 5) ? 1 : -text.length)));
    const found = await searchText({ start: [5, 5], places: [place(0, 6, 7), place(1, 8)], texts: 20, batch: 8 }, worse);
    expect(found).toMatchObject({ tokenIds: [5, 5], startScore: 1, score: 1 });
  });

  it('ends when nothing is free', async () => {
    const found = await searchText({ start: [1, 2], places: [], texts: 20, batch: 8 }, hiddenScore([1, 0]));
    expect(found).toEqual({ tokenIds: [1, 2], startScore: 1, score: 1, scored: 1 });
  });
});
