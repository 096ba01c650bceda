import { beforeAll, describe, expect, it } from 'vitest';
import type { ExportTarget } from '../../../contract/texts/prompt.ts';
import { createPrompt } from '../../../main/prompt/create-prompt.ts';
import { SPECIAL_SEQUENCES } from '../../../main/prompt/dialects/special-sequences.ts';
import { exportPrompt } from '../../../main/prompt/export-prompt.ts';
import { loadClipTokenizer } from '../../../main/tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../../main/tokenizer/tokenizer.ts';
import { readAsA1111, readAsComfyui, readAsFooocus, readAsInvokeai } from './front-ends.ts';

let clip: Tokenizer;
beforeAll(async () => {
  clip = await loadClipTokenizer();
});

function exported(text: string, target: ExportTarget) {
  return exportPrompt(createPrompt({ id: 'd', packId: 'p', text }, clip), target, {}, clip);
}

const rows = (target: ExportTarget) =>
  SPECIAL_SEQUENCES[target].map(({ meaning, example, note }) => ({ meaning, example, note }));
const kinds = [
  'a photo of a cat with a #1 sticker on it',
  '#',
  'a ## b #c',
  '<lora:x:1>#',
  'ratio : 16',
  'x:-.5',
  'end 4:3.',
  'cat <имя:2> after',
];

describe('what a1111 reads of an export', () => {
  it.each([...rows('a1111').map(({ example }) => example), ...kinds])('is every word of %j', (text) => {
    const result = exported(text, 'a1111');
    const read = readAsA1111(result.text);
    expect(read).toHaveLength(1);
    expect(read[0]).toMatchObject({ weight: 1, pieces: 1 });
    // Its tokenizer folds the width and the case of letters.
    const folded = (words: string): string => words.normalize('NFKC').toLowerCase().replace(/<\s/g, '<');
    expect(folded(read[0]?.text ?? '')).toBe(folded(text));
  });

  it('keeps a negative prompt whole too', () => {
    const document = createPrompt({ id: 'd', packId: 'p', text: 'fox' }, clip);
    const { text } = exportPrompt(document, 'a1111', { negative: 'a #1 sticker, blur' }, clip);
    expect(readAsA1111(text.split('\n')[1]?.replace('Negative prompt: ', '') ?? '')[0]?.text).toBe('a ＃1 sticker, blur');
  });
});

describe('what comfyui reads of an export', () => {
  it.each([...rows('comfyui').map(({ example }) => example), 'a\\', '\\\\{a|b}', '{', 'x|y}'])('is every word of %j', (text) => {
    const loose = (words: string): string => words.replace(/\s/g, '');
    expect(loose(readAsComfyui(exported(text, 'comfyui').text))).toBe(loose(text));
  });
});

describe('what invokeai and fooocus read of an export', () => {
  const loose = (words: string): string => words.replace(/\s/g, '');
  it.each(rows('invokeai').map(({ example }) => example))('invokeai: no weight and no command, but every word, of %j', (text) => {
    const { words, isPlain } = readAsInvokeai(exported(text, 'invokeai').text);
    expect(isPlain).toBe(true);
    const kept = text
      .replace(/[-+]+(?=[\s)])/g, '')
      .replace('{', '(')
      .replace('}', ')');
    expect(loose(words)).toBe(loose(kept));
  });
  it.each(rows('fooocus').map(({ example }) => example))('fooocus: %j', (text) => {
    const { words, isPlain } = readAsFooocus(exported(text, 'fooocus').text);
    expect(isPlain).toBe(true);
    expect(loose(words)).toBe(loose(text.replace(/_{2,}/g, '_').replace(/\[{2}/g, '[').replace(/\]{2}/g, ']')));
  });
});

it.each([
  ['comfyui', '(red) {a|b}, blur', '\\(red\\) \\{a|b\\}, blur'],
  ['invokeai', '(red) C++, blur', '\\(red\\) C, blur'],
  ['fooocus', '(red) __a__, blur', '\\(red\\) _a_, blur'],
] as const)('what is not wanted is made harmless for %s too, where a person enters it', (target, negative, safe) => {
  const { notes } = exportPrompt(createPrompt({ id: 'd', packId: 'p', text: 'fox' }, clip), target, { negative }, clip);
  const told = notes.filter((note) => note.includes('to be entered on its own'));
  expect(told.map((note) => note.replace(/^[^:]*: /, ''))).toEqual([safe]);
});

/** What is said of every text there. */
const always = (target: ExportTarget): string[] => exported('fox', target).notes;

describe.each(['midjourney', 'a1111', 'comfyui', 'invokeai', 'fooocus'] as const)('the table of %s', (target) => {
  it.each(rows(target))('has a note where the text is not the same: $example', ({ example, note }) => {
    const { notes } = exported(example, target);
    if (note === undefined) return;
    expect(notes).toContain(note);
  });

  it('says nothing of words that mean nothing', () => {
    const { text, notes } = exported('a red fox, 2 owls and “one” well-known Android: at 16:9 in snow', target);
    expect({ text, notes }).toEqual({
      text: 'a red fox, 2 owls and “one” well-known Android: at 16:9 in snow',
      notes: always(target),
    });
  });
});

it.each(rows('midjourney'))('midjourney is given no syntax by $example', ({ example }) => {
  const { text } = exported(example, 'midjourney');
  expect(text).not.toMatch(/--|[\u2014\u2015]|(?:^| )[\u2010-\u2013]|::|[{}]|https?:\/\//);
  expect(text).toMatch(/after$/);
});
