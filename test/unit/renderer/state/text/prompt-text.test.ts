import { describe, expect, it } from 'vitest';
import { drawingKey, locateSlots, runningText, wordAt, wordsOf } from '../../../../../renderer/state/text/prompt-text.ts';
import { makeSlot } from '../../../../helpers/make-slot.ts';

const sunflower = [makeSlot(0, 'a'), makeSlot(1, 'sun', { endsWord: false }), makeSlot(2, 'flower'), makeSlot(3, 'field')];

describe('the running text of slots', () => {
  it('puts a space only behind slots that end a word', () => {
    expect(runningText(sunflower)).toBe('a sunflower field');
  });

  it('finds slots in a text typed with capitals and more spaces', () => {
    const ranges = locateSlots('A  Sunflower   field', sunflower);
    expect(ranges.map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [3, 6],
      [6, 12],
      [15, 20],
    ]);
  });

  it('gives a slot that is not in the text no range, and goes on behind it', () => {
    const ranges = locateSlots('a field', sunflower);
    expect(ranges.map(({ slot }) => slot.text)).toEqual(['a', 'field']);
  });

  it('joins the slots of a word and finds the word under a caret', () => {
    const words = wordsOf(locateSlots('a sunflower field', sunflower));
    expect(words.map((word) => word.text)).toEqual(['a', 'sunflower', 'field']);
    expect(wordAt(words, 7)?.text).toBe('sunflower');
    expect(wordAt(words, 11)?.text).toBe('sunflower');
    expect(wordAt(words, 12)?.text).toBe('field');
    expect(wordAt(words, 99)).toBeNull();
  });

  it('splits words where the text was typed apart', () => {
    const words = wordsOf(locateSlots('a sun flower field', sunflower));
    expect(words.map((word) => word.text)).toEqual(['a', 'sun', 'flower', 'field']);
  });
});

describe('drawingKey', () => {
  it('is the ids that reach the decoder with their weights', () => {
    const slots = [makeSlot(0, 'a'), makeSlot(1, 'red', { weight: 1.2 }), makeSlot(2, 'fox', { muted: true })];
    expect(drawingKey(slots)).toBe('320 736:1.2');
  });
});
