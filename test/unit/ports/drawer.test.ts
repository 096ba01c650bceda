import { expect, it } from 'vitest';
import type { DrawerAbilities } from '../../../contract/models/abilities.ts';
import { initOfRecipe, settleSettings } from '../../../main/ports/drawer.ts';

const drawer: DrawerAbilities = {
  size: { width: 64, height: 48, multipleOf: 8 },
  defaults: { steps: 20, guidance: 3, scheduler: 'ddim', negative: 'blurred' },
  sampling: true,
  schedulers: ['ddim', 'lcm'],
  guidanceRescale: true,
  negative: true,
  secondPrompt: true,
  clipSkip: true,
  weights: true,
  emphasis: true,
  initPictures: true,
  masks: true,
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

it('leaves out what changes nothing, and refuses what the drawer would leave out without a word', () => {
  const set = { guidanceRescale: 0.7, secondPrompt: 'a pig', clipSkip: 1, emphasis: 'compel' } as const;
  expect(settleSettings(set, drawer)).toMatchObject(set);
  const idle = { guidanceRescale: 0, clipSkip: 0, emphasis: 'a1111' } as const;
  expect(settleSettings(idle, drawer)).toEqual(settleSettings({}, drawer));
  const plain = { ...drawer, guidanceRescale: false, secondPrompt: false, clipSkip: false, emphasis: false };
  expect(settleSettings(idle, plain)).toEqual(settleSettings({}, drawer));
  for (const [name, value] of Object.entries(set)) {
    expect(() => settleSettings({ [name]: value }, plain), name).toThrow(
      expect.objectContaining({ code: 'bad-request' }) as Error,
    );
  }
});

it('refuses a mask where the drawer would draw the whole picture anew, and tells it in the recipe', () => {
  const init = { imageSha256: 'a'.repeat(64), strength: 1 };
  const masked = { init: { ...init, maskSha256: 'b'.repeat(64) } };
  expect(settleSettings(masked, drawer)).toEqual(settleSettings({ init }, drawer));
  expect(() => settleSettings(masked, { ...drawer, masks: false })).toThrow('takes no mask');
  const order = { ...init, source: '/a.png' };
  expect(initOfRecipe({ init: order })).toEqual(init);
  expect(initOfRecipe({ init: { ...order, mask: { source: '/b.png', sha256: 'b'.repeat(64) } } })).toEqual(masked.init);
  expect(initOfRecipe({ init: null })).toBeNull();
});
