import { expect, it } from 'vitest';
import { readAnswer, readPartialAnswer } from '../../../main/writers/read-answer.ts';

const answer = { aPlusB: 'A fox, in snow.', bPlusA: 'A ship on a "road".' };

it.each([
  ['as it was asked for', '{"aPlusB":"A fox, in snow.","bPlusA":"A ship on a \\"road\\"."}'],
  ['with words around it', 'Sure!\n{"aPlusB":"A fox, in snow.","bPlusA":"A ship on a \\"road\\"."}\nAnything else?'],
  ['in a fence, with a comma too many', '```json\n{"aPlusB":"A fox, in snow.","bPlusA":"A ship on a \\"road\\".",\n}\n```'],
  ['with a line broken in a text', '{"aPlusB":"A fox,\nin snow.","bPlusA":"A ship on a \\"road\\"."}'],
  ['without the comma between', '{"aPlusB":"A fox, in snow." "bPlusA":"A ship on a \\"road\\"."}'],
])('is read %s', (_, text) => {
  expect(readAnswer(text)).toEqual(answer);
});

it.each([
  ['no JSON', 'A fox, in snow.'],
  ['a part missing', '{"aPlusB":"A fox, in snow."}'],
  ['a part empty', '{"aPlusB":"A fox, in snow.","bPlusA":" "}'],
  ['a part that is no text', '{"aPlusB":"A fox, in snow.","bPlusA":["A ship"]}'],
  ['broken off in a text', '{"aPlusB":"A fox, in snow.","bPlusA":"A ship on'],
])('is none, and nothing is guessed: %s', (_, text) => {
  expect(readAnswer(text)).toBeNull();
});

it('is shown as far as it goes while it is written', () => {
  const whole = '{"aPlusB":"A f\\u00fcchs\\nin snow.","bPlusA":"A ship"}';
  const pieces = Array.from(whole, (_, end) => readPartialAnswer(whole.slice(0, end)));
  for (const { aPlusB, bPlusA } of pieces) {
    expect('A füchs\nin snow.'.startsWith(aPlusB)).toBe(true);
    expect('A ship'.startsWith(bPlusA)).toBe(true);
  }
  expect(readPartialAnswer(whole)).toEqual({ aPlusB: 'A füchs\nin snow.', bPlusA: 'A ship' });
});
