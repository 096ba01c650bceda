import { beforeAll, expect, it } from 'vitest';
import { groupOfWord } from '../../../main/language/group-of-word.ts';
import { loadLexicon } from '../../../main/language/lexicon.ts';
import type { Lexicon } from '../../../main/language/lexicon.ts';

const world = {
  describes: [],
  cannot: [],
  objects: [{ word: 'Castle', category: 'building' }],
  styles: ['soft'],
  backdrops: ['spots'],
  colours: ['ochre'],
};
let lexicon: Lexicon;
beforeAll(async () => {
  lexicon = await loadLexicon();
});
const groupsOf = (text: string, of: typeof world | null = null) => text.split(' ').map((word) => groupOfWord(word, lexicon, of));

it('says what a word speaks of, whatever its capitals, number and punctuation', () => {
  expect(groupsOf('Pig purple rightmost horizon shadows, watercolour')).toEqual([
    'subject',
    'colour',
    'place',
    'background',
    'light',
    'style',
  ]);
});

it('knows words that speak of nothing by themselves from those that nobody knows', () => {
  expect(groupsOf('and very wearing sphoto derelsteampunk')).toEqual(['none', 'none', 'none', null, null]);
});

it('goes by what the pack draws first', () => {
  expect(groupsOf('castle ochre soft')).toEqual(['background', null, 'light']);
  expect(groupsOf('castle ochre soft', world)).toEqual(['subject', 'colour', 'style']);
});
