import { expect, it } from 'vitest';
import { startChoices } from '../../../../renderer/features/generate/start-choices.ts';

it('offers each start once, so that the list can be shown', () => {
  const chosen = { sha256: 'a'.repeat(64), title: 'A fox' };
  const values = (one: typeof chosen | null) =>
    startChoices({ hasOriginal: true, hasShown: false, chosen: one }).map(({ value, disabled }) => [value, disabled]);
  const always = [
    ['noise', false],
    ['original', false],
    ['shown', true],
  ];
  expect(values(null)).toEqual(always);
  expect(values(chosen)).toEqual([...always, ['library', false]]);
});
