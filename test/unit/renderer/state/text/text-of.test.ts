import { expect, it } from 'vitest';
import type { LibraryItem } from '../../../../../contract/library.ts';
import { titleOf } from '../../../../../renderer/state/text/text-of.ts';

const text = 'a small red fox in deep snow under a pale blue sky with soft light in a flat style of stickers';
const drawing = (title: string, named: boolean) => ({ kind: 'generation', title, named, recipe: { text } }) as LibraryItem;

it('calls a drawing that nobody named by whole words of its text', () => {
  // As it is kept: eighty characters, which end in the middle of a word.
  expect(titleOf(drawing(text.slice(0, 80), false))).toBe(
    'a small red fox in deep snow under a pale blue sky with soft light in a flat…',
  );
  expect(titleOf(drawing('My fox', true))).toBe('My fox');
});

it('calls a picture by its title, and a text without one by its beginning', () => {
  expect(titleOf({ kind: 'picture', title: 'farm' } as LibraryItem)).toBe('farm');
  expect(titleOf({ kind: 'picture', title: '' } as LibraryItem)).toBe('');
  expect(titleOf({ kind: 'prompt', title: '', text: 'a fox' } as LibraryItem)).toBe('a fox');
});
