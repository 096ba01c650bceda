import { expect, it } from 'vitest';
import type { SpokenGroup } from '../../../../../contract/texts/text-help.ts';
import { groupStretches } from '../../../../../renderer/state/text/words/group-stretches.ts';

const lists: Readonly<Record<string, string>> = {
  style: 'flat style picture',
  subject: 'pig fox large',
  place: 'left top behind',
  background: 'forest horizon',
  colour: 'red orange',
  light: 'dark dim light',
  none: 'of a and in on the narrow',
};
const groupOf = (word: string): SpokenGroup =>
  (Object.keys(lists).find((group) => lists[group]?.split(' ').includes(word)) as SpokenGroup | undefined) ?? null;

/** Each stretch as `group: its characters`. */
function told(text: string): string[] {
  const words = [...text.matchAll(/\S+/g)].map((match) => ({
    text: match[0],
    from: match.index,
    to: match.index + match[0].length,
    ranges: [],
  }));
  return groupStretches(words, groupOf, text.length).map(({ group, from, to }) => `${group ?? '?'}: ${text.slice(from, to)}`);
}

it('leaves no character out, and puts joining words with what follows them', () => {
  const text = ' flat style picture of a  large pig in the forest and ';
  expect(told(text)).toEqual(['style:  flat style picture ', 'subject: of a  large pig ', 'background: in the forest and ']);
  expect(told('')).toEqual([]);
});

it('puts what tells of a thing with the thing', () => {
  expect(told('red pig on dark orange and red horizon')).toEqual([
    'subject: red pig ',
    'background: on dark orange and red horizon',
  ]);
  expect(told('pig dark orange dim light')).toEqual(['subject: pig ', 'colour: dark orange ', 'light: dim light']);
});

it('keeps a lone word with the two sides it stands between, and a lone word of place with its thing', () => {
  expect(told('horizon flat forest')).toEqual(['background: horizon flat forest']);
  expect(told('pig behind a forest')).toEqual(['subject: pig ', 'background: behind a forest']);
  expect(told('pig left top forest')).toEqual(['subject: pig ', 'place: left top ', 'background: forest']);
});

it('has unknown words in no group', () => {
  expect(told('pig geomeangular fox')).toEqual(['subject: pig ', '?: geomeangular ', 'subject: fox']);
});
