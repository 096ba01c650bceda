import { describe, expect, it } from 'vitest';
import { chunkTokens } from '../../../main/text-to-image/chunk-tokens.ts';

const comma = 9;
const sizes = (ids: readonly number[], length = 75): number[] =>
  chunkTokens(
    ids.map((id) => ({ id, weight: 1 })),
    length,
    (id) => id === comma,
  ).map((chunk) => chunk.length);
const words = (count: number): number[] => Array.from({ length: count }, () => 1);

describe('chunkTokens', () => {
  it('keeps a prompt that fits in one chunk, and makes one of nothing', () => {
    expect(sizes([])).toEqual([0]);
    expect(sizes(words(75))).toEqual([75]);
    expect(sizes(words(76))).toEqual([75, 1]);
    expect(sizes(words(225))).toEqual([75, 75, 75]);
  });

  it('ends a full chunk after a comma near its end', () => {
    expect(sizes([...words(70), comma, ...words(20)])).toEqual([71, 20]);
    expect(sizes([...words(55), comma, ...words(30)])).toEqual([56, 30]);
  });

  it('does not look further back than 20 tokens, nor cut before a comma that comes next', () => {
    expect(sizes([...words(54), comma, ...words(30)])).toEqual([75, 10]);
    expect(sizes([...words(70), comma, ...words(4), comma, ...words(3)])).toEqual([75, 4]);
  });

  it('loses and reorders nothing', () => {
    const tokens = Array.from({ length: 1000 }, (_, index) => ({
      id: index % 13 === 0 ? comma : index + 100,
      weight: index / 1000,
    }));
    const chunks = chunkTokens(tokens, 75, (id) => id === comma);
    expect(chunks.flat()).toEqual(tokens);
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(75);
  });
});
