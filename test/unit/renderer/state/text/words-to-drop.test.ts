import { describe, expect, it } from 'vitest';
import type { Slot } from '../../../../../contract/texts/prompt.ts';
import { wordsToDrop } from '../../../../../renderer/state/text/words/words-to-drop.ts';
import { makeSlot } from '../../../../helpers/make-slot.ts';

const read = (id: string, text: string, more: Partial<Slot> = {}): Slot => makeSlot(0, text, { id, probability: 0.9, ...more });
const unmeasured = (): null => null;
const nobody = (): boolean => false;

describe('making room in a text', () => {
  it('takes what was said before first, then joining words, then the least sure', () => {
    const slots = [
      read('a', 'pig'),
      read('b', 'and', { probability: 0.99 }),
      read('c', 'cloud', { probability: 0.2 }),
      read('d', 'pig'),
    ];
    expect(wordsToDrop(slots, 1, nobody, unmeasured)).toEqual(['d']);
    expect(wordsToDrop(slots, 2, nobody, unmeasured)).toEqual(['b', 'd']);
    expect(wordsToDrop(slots, 3, nobody, unmeasured)).toEqual(['b', 'c', 'd']);
  });

  it('goes by what words were measured to be worth', () => {
    const slots = [read('a', 'pig'), read('b', 'red'), read('c', 'blue')];
    const values: Readonly<Record<string, number>> = { a: 0.4, b: -0.1, c: 0.02 };
    expect(wordsToDrop(slots, 2, nobody, (id) => values[id] ?? null)).toEqual(['b', 'c']);
  });

  it('takes words that only join others before those measured to add something, and after those that take from it', () => {
    const slots = [read('a', 'pig'), read('b', 'and'), read('c', 'red'), read('d', 'blue'), read('e', 'narrow')];
    const values: Readonly<Record<string, number>> = { a: 0.4, c: -0.1, d: 0.02 };
    const valueOf = (id: string): number | null => values[id] ?? null;
    expect(wordsToDrop(slots, 1, nobody, valueOf)).toEqual(['c']);
    expect(wordsToDrop(slots, 2, nobody, valueOf)).toEqual(['b', 'c']);
    expect(wordsToDrop(slots, 4, nobody, valueOf)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes whole words, and leaves what a person wrote, locked, weighed or muted', () => {
    const slots = [
      read('a', 'lady', { endsWord: false }),
      read('b', 'bug'),
      read('c', 'fox'),
      read('d', 'lion', { locked: true }),
      read('e', 'owl', { weight: 1.2 }),
      read('f', 'cat', { muted: true }),
    ];
    const fox = ({ text }: Slot): boolean => text === 'fox';
    expect(wordsToDrop(slots, 1, fox, unmeasured)).toEqual(['a', 'b']);
    expect(wordsToDrop(slots, 9, fox, unmeasured)).toEqual(['a', 'b']);
    expect(wordsToDrop(slots, 0, fox, unmeasured)).toEqual([]);
  });
});
