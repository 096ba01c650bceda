import { describe, expect, it } from 'vitest';
import { diffWords } from '../../../main/prompt/diff-words.ts';
import { randomSource } from '../../helpers/random-source.ts';

const diff = (a: string, b: string) => diffWords(Array.from(a), Array.from(b));

describe('diffWords', () => {
  it('finds nothing between equals and everything between strangers', () => {
    expect(diff('abc', 'abc')).toEqual([]);
    expect(diff('', '')).toEqual([]);
    expect(diff('ab', 'xyz')).toEqual([{ fromOld: 0, toOld: 2, fromNew: 0, toNew: 3 }]);
  });

  it('finds several changes with what stayed between them', () => {
    expect(diff('abcdef', 'aXcdYZf')).toEqual([
      { fromOld: 1, toOld: 2, fromNew: 1, toNew: 2 },
      { fromOld: 4, toOld: 5, fromNew: 4, toNew: 6 },
    ]);
    expect(diff('aab', 'ab')).toHaveLength(1);
  });

  it('always turns the old into the new and keeps the longest common part', () => {
    const random = randomSource(3);
    const word = () => Array.from({ length: Math.floor(random() * 9) }, () => 'abc'[Math.floor(random() * 3)] ?? '').join('');
    for (let round = 0; round < 500; round += 1) {
      const [a, b] = [word(), word()];
      let rebuilt = '';
      let kept = 0;
      let at = 0;
      for (const change of diff(a, b)) {
        rebuilt += a.slice(at, change.fromOld) + b.slice(change.fromNew, change.toNew);
        kept += change.fromOld - at;
        at = change.toOld;
      }
      rebuilt += a.slice(at);
      kept += a.length - at;
      expect(rebuilt).toBe(b);
      expect(kept).toBe(longestCommonLength(a, b));
    }
  });
});

function longestCommonLength(a: string, b: string): number {
  if (a === '' || b === '') return 0;
  if (b.startsWith(a.charAt(0))) return 1 + longestCommonLength(a.slice(1), b.slice(1));
  return Math.max(longestCommonLength(a.slice(1), b), longestCommonLength(a, b.slice(1)));
}
