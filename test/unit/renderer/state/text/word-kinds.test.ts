import { expect, it } from 'vitest';
import { WordKinds } from '../../../../../renderer/state/text/word-kinds.ts';

const world = {
  describes: [],
  cannot: [],
  objects: [
    { word: 'pig', category: 'animal' },
    { word: 'fox', category: 'animal' },
    { word: 'car', category: 'vehicle' },
  ],
  styles: ['flat', 'warm'],
  backdrops: ['horizon', 'plain'],
  colours: ['orange', 'purple'],
};

it('says what a word speaks of, by the pack first; an unknown word is of no kind', () => {
  const kinds = new WordKinds(world);
  const kindsOf = 'Pig orange rightmost horizon shadow flat narrow'.split(' ').map((word) => kinds.kindOf(word));
  expect(kindsOf).toEqual(['subject', 'colour', 'place', 'background', 'light', 'style', null]);
});

it('offers what the pack draws of the same kind', () => {
  const kinds = new WordKinds(world);
  expect(kinds.others('pig')).toEqual({ name: 'animal', words: ['fox'] });
  expect(kinds.others('purple')).toEqual({ name: 'colour', words: ['orange'] });
  expect(kinds.others('cloud')).toBeNull();
});

it('knows common words where a pack says nothing of its world', () => {
  const kinds = new WordKinds(null);
  expect(kinds.kindOf('red')).toBe('colour');
  expect(kinds.kindOf('pig')).toBeNull();
  expect(kinds.others('red')).toBeNull();
});
