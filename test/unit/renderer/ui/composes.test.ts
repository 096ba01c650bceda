import { expect, it } from 'vitest';
import { composes } from '../../../../renderer/ui/composes.ts';

// Node has no KeyboardEvent; only these fields are read.
const press = (fields: Readonly<Record<string, unknown>>): KeyboardEvent =>
  Object.assign(new Event('keydown'), { key: 'Enter', isComposing: false, keyCode: 13 }, fields) as unknown as KeyboardEvent;

it('tells an Enter that takes the word of an input method from one that ends a field', () => {
  expect(composes(press({ isComposing: true }))).toBe(true);
  expect(composes(press({ key: 'Process' }))).toBe(true);
  expect(composes(press({ keyCode: 229 }))).toBe(true);
  expect(composes(press({}))).toBe(false);
});
