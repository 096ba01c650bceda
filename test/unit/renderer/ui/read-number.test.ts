import { expect, it } from 'vitest';
import { readNumber } from '../../../../renderer/ui/read-number.ts';

it.each([
  ['12 345', true, 12345],
  ['12\u202f345', true, 12345],
  ['12,345', true, 12345],
  ['1.234.567', true, 1234567],
  ['12’345', true, 12345],
  ['-1', true, -1],
  ['−1', true, -1],
  ['１２', true, 12],
  ['٤٢', true, 42],
  ['7,5', false, 7.5],
  ['7.5', false, 7.5],
  ['1.234,5', false, 1234.5],
  ['1,234.5', false, 1234.5],
  ['٧٫٥', false, 7.5],
  ['99', false, 99],
  ['', true, null],
  ['seven', true, null],
  ['7-5', false, null],
  ['0x10', true, null],
])('%j, whole %s, is %s', (text, whole, number) => {
  expect(readNumber(text, whole)).toBe(number);
});
