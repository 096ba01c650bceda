import { describe, expect, it } from 'vitest';
import { rateRow } from '../../../main/transfers/rate-row.ts';

describe('how well a prompt transfers', () => {
  it('counts each tool once, however many pictures it drew', () => {
    const cells = [
      { column: 0, score: 0.8 },
      { column: 0, score: 0.6 },
      { column: 1, score: 0.5 },
      { column: 2, score: null },
    ];
    const rating = rateRow(cells);
    expect(rating).toMatchObject({ least: 0.5, tools: 2 });
    expect(rating?.mean).toBeCloseTo(0.6);
    expect(rating?.spread).toBeCloseTo(Math.sqrt(0.02));
  });

  it('is not known before there is a score, and has no spread for one tool', () => {
    expect(rateRow([{ column: 0, score: null }])).toBeNull();
    expect(rateRow([{ column: 3, score: 0.4 }])).toEqual({ mean: 0.4, spread: 0, least: 0.4, tools: 1 });
  });
});
