import { expect, it } from 'vitest';
import { wordsOfKind } from '../../../../../renderer/state/text/words/words-of-kind.ts';

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

it('offers what the pack draws of the same kind', () => {
  expect(wordsOfKind(world, 'Pig')).toEqual({ name: 'animal', words: ['fox'] });
  expect(wordsOfKind(world, 'purple')).toEqual({ name: 'colour', words: ['orange'] });
  expect(wordsOfKind(world, 'cloud')).toBeNull();
  expect(wordsOfKind(null, 'red')).toBeNull();
});
