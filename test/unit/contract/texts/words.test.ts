import { describe, expect, it } from 'vitest';
import { contentWords, isContentWord, visibleWords } from '../../../../contract/texts/words.ts';
import { makeSlot } from '../../../helpers/make-slot.ts';

describe('isContentWord', () => {
  it('is true for what says something of a picture, places included', () => {
    const words = ['fox', 'red', '3d', 'Snow,', 'übergroß', 'under', 'behind', '猫', '7'];
    expect(words.filter(isContentWord)).toEqual(words);
  });

  it('is false for what only joins, for signs and for single letters', () => {
    expect(['the', 'Of', 'with', 'any', 'would', ',', '–', 'a', 'x', ''].filter(isContentWord)).toEqual([]);
  });
});

describe('visibleWords', () => {
  it('runs up to the slot that ends a word, as if muted slots were not there', () => {
    const slots = [
      makeSlot(0, 'sun', { endsWord: false }),
      makeSlot(1, 'flower'),
      makeSlot(2, 'wet', { muted: true }),
      makeSlot(3, 'gra', { endsWord: false }),
      makeSlot(4, 'ss', { muted: true }),
      makeSlot(5, 'hopper'),
      makeSlot(6, 'hal', { endsWord: false }),
    ];
    expect(visibleWords(slots)).toEqual([
      { text: 'sunflower', slotIndices: [0, 1], isWhole: true },
      { text: 'grahopper', slotIndices: [3, 5], isWhole: true },
      { text: 'hal', slotIndices: [6], isWhole: false },
    ]);
  });

  it('gives slots without characters to the word they stand in', () => {
    const slots = [makeSlot(0, '猫', { endsWord: true }), makeSlot(1, '', { endsWord: true }), makeSlot(2, 'fox')];
    expect(contentWords(slots).map(({ slotIndices }) => slotIndices)).toEqual([[0, 1], [2]]);
    expect(visibleWords([makeSlot(0, '')])).toHaveLength(1);
  });
});
