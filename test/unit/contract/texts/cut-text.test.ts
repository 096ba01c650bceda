import { expect, it } from 'vitest';
import { cutAtWord, cutText } from '../../../../contract/texts/cut-text.ts';

it.each([
  ['a fox', 5, 'a fox'],
  ['a fox', 3, 'a f'],
  ['fox 🦊', 5, 'fox '],
  ['fox 🦊!', 6, 'fox 🦊'],
  ['x👩‍🚀', 4, 'x'],
  ['🇩🇪🇫🇷', 5, '🇩🇪'],
  ['cafe\u0301', 4, 'caf'],
  ['👋🏽', 2, ''],
  ['หนึ่ง', 3, 'ห'],
])('%j in %d units is %j', (text, most, expected) => {
  expect(cutText(text, most)).toBe(expected);
});

it('is quick for a long text and a long run of marks', () => {
  expect(cutText('a'.repeat(5_000_000), 200)).toHaveLength(200);
  expect(cutText(`a${'\u0301'.repeat(5_000_000)}`, 200)).toBe('');
});

it.each([
  ['a red fox', 9, 'a red fox'],
  ['a red fox in snow', 9, 'a red…'],
  ['a red fox in snow', 10, 'a red fox…'],
  ['a red  fox', 7, 'a red…'],
  ['a', 1, 'a'],
  ['a Donaudampfschiff', 12, 'a Donaudamp…'],
  ['雪の中の赤い狐', 5, '雪の中の…'],
])('%j for people, in %d units, is %j', (text, most, expected) => {
  expect(cutAtWord(text, most)).toBe(expected);
});
