import { describe, expect, it } from 'vitest';
import { matchQuery } from '../../../../../renderer/state/frame/match-query.ts';

const names = ['Generate', 'Go to Models', 'Go to Settings', 'Copy the prompt as…', 'Compare: next way', 'Théâtre at night'];
const best = (query: string): string[] =>
  names
    .flatMap((name) => {
      const score = matchQuery(query, name);
      return score === null ? [] : [{ name, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ name }) => name);

describe('matchQuery', () => {
  it('prefers the start of the text, then the start of a word, then letters in order', () => {
    expect(best('co')[0]).toBe('Compare: next way');
    expect(best('mode')[0]).toBe('Go to Models');
    expect(best('gnrt')).toEqual(['Generate']);
  });

  it('wants every word, in any order', () => {
    expect(best('settings go')).toEqual(['Go to Settings']);
    expect(best('go nothing')).toEqual([]);
  });

  it('does not mind capitals and accents', () => {
    expect(best('THEATRE')).toEqual(['Théâtre at night']);
  });

  it('finds nothing by letters scattered far apart', () => {
    expect(matchQuery('gw', 'Generate something quite far a way')).toBeNull();
  });

  it('takes everything for an empty query', () => {
    expect(best('  ')).toHaveLength(names.length);
  });
});
