import { expect, it } from 'vitest';
import type { DrawerAbilities } from '../../../contract/abilities.ts';
import { settleSettings } from '../../../main/ports/drawer.ts';

const drawer: DrawerAbilities = {
  size: { width: 64, height: 48, multipleOf: 8 },
  defaults: { steps: 20, guidance: 3, scheduler: 'ddim', negative: 'blurred' },
  sampling: true,
  schedulers: ['ddim', 'lcm'],
  negative: true,
  weights: true,
  initPictures: true,
  seeds: true,
  mostPictures: 64,
  previews: true,
  cancel: true,
};

it('leaves what was set, zero and nothing included, and takes the drawer’s own way for the rest', () => {
  expect(settleSettings({}, drawer)).toEqual({
    steps: 20,
    guidance: 3,
    scheduler: 'ddim',
    negative: 'blurred',
    width: 64,
    height: 48,
  });
  const set = { steps: 4, guidance: 0, scheduler: 'lcm', negative: '', width: 128, height: 96 } as const;
  expect(settleSettings({ ...set, count: 2 }, drawer)).toEqual(set);
});
