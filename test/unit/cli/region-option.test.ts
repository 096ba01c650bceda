import { expect, it } from 'vitest';
import { parseRegion } from '../../../main/shell/cli/input/region-option.ts';

it('reads four whole numbers', () => {
  expect(parseRegion('8, 0,64,48')).toEqual({ x: 8, y: 0, width: 64, height: 48 });
});

it.each(['8,0,64', '8,0,64,48,2', '8,0,0,48', '-8,0,64,48', '8.5,0,64,48', 'a,b,c,d', ''])('refuses %j', (text) => {
  expect(() => parseRegion(text)).toThrow('four whole numbers');
});
