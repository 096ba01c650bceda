import { afterAll, beforeAll, expect, it } from 'vitest';
import { collectGenerateSettings } from '../../../../../renderer/state/canvas/collect-generate-settings.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

it('sends what was set, and leaves out what the drawer cannot do', async () => {
  const page = await bench.startPage();
  const { preferences, work, drawing, facts } = page;
  expect(facts.lengths).toEqual([5, 15, 75]);
  const picture = { sha256: 'a'.repeat(64), title: 'A fox' };
  preferences.set({ initFrom: 'library', initPicture: picture, initStrength: 0.5, negative: 'blue', scheduler: 'lcm', steps: 7 });
  const { drawer } = facts;
  if (drawer === null) throw new Error('the page does not know what its pack draws');
  const set = { steps: 7, scheduler: 'lcm', negative: 'blue', init: { imageSha256: picture.sha256, strength: 0.5 } };
  expect(collectGenerateSettings(page)).toMatchObject(set);
  const plain = { ...drawer, schedulers: [drawer.defaults.scheduler], negative: false, initPictures: false };
  const sent = collectGenerateSettings({ preferences, work, drawing, facts: { drawer: plain } });
  expect(sent).toEqual({ count: preferences.values.count, steps: 7 });
  preferences.set({ secondPrompt: 'a pig', clipSkip: 1, guidanceRescale: 0.5, emphasis: 'comfyui' });
  expect(
    collectGenerateSettings({ preferences, work, drawing, facts: { drawer: { ...drawer, secondPrompt: true } } }),
  ).toMatchObject({
    ...{ secondPrompt: 'a pig', clipSkip: 1, guidanceRescale: 0.5, emphasis: 'comfyui' },
  });
  preferences.set({ seed: 3, guidance: 4 });
  const closed = { ...plain, sampling: false, seeds: false, clipSkip: false, guidanceRescale: false, emphasis: false };
  expect(collectGenerateSettings({ preferences, work, drawing, facts: { drawer: closed } })).toEqual({ count: 1 });
});
