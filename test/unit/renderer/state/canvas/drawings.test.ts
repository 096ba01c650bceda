import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Job } from '../../../../../contract/job.ts';
import { listMaskCommands } from '../../../../../renderer/features/canvas/mask/mask-commands.ts';
import { listTextCommands } from '../../../../../renderer/features/words/text-commands.ts';
import type { Page } from '../../../../../renderer/state/page.svelte.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

/** A studio with a picture that was read and drawn once. */
async function startWithResult(): Promise<Page> {
  const page = await bench.startPage();
  await page.reading.openItem(await bench.addScene('Pig'));
  await page.drawing.generate();
  await bench.until(() => expect(page.drawing.results.items).toHaveLength(1));
  await bench.until(() => expect(page.drawing.busy).toBe(false));
  return page;
}

/** What is submitted from here on waits until it is let go, at the test's end at the latest. */
async function hold(): Promise<() => Promise<void>> {
  const letGo = await bench.occupy();
  onTestFinished(letGo);
  return letGo;
}

async function roundtrips(page: Page): Promise<Job[]> {
  const jobs = await bench.core.client.jobs.list();
  return jobs.filter(({ request }) => request.kind === 'roundtrip' && request.imageSha256 === page.work.picture?.sha256);
}

describe('drawing', () => {
  it('queues one drawing behind the other and takes the results of both', async () => {
    const page = await startWithResult();
    const letGo = await hold();
    await page.drawing.generate();
    await page.drawing.generate();
    expect([page.drawing.busy, page.drawing.waiting]).toEqual([true, 1]);
    await letGo();
    await bench.until(() => expect(page.drawing.results.items).toHaveLength(3));
    await bench.until(() => expect(page.drawing.busy).toBe(false));
  });

  it('shows what is drawn, unless a person looks at an older result meanwhile', async () => {
    const page = await startWithResult();
    const older = page.drawing.results.selected?.id ?? '';
    const letGo = await hold();
    await page.drawing.generate();
    expect(page.drawing.shown).toBe(true);
    page.drawing.show(older);
    expect(page.drawing.shown).toBe(false);
    await letGo();
    await bench.until(() => expect(page.drawing.results.items).toHaveLength(2));
    await bench.until(() => expect(page.drawing.busy).toBe(false));
    expect(page.drawing.results.selected?.id).toBe(older);
    await page.drawing.generate();
    await bench.until(() => expect(page.drawing.busy).toBe(false));
    expect(page.drawing.results.items).toHaveLength(3);
    expect(page.drawing.results.selected?.id).not.toBe(older);
  });

  it('starts from the result shown, the original, or noise', async () => {
    const page = await startWithResult();
    expect(page.generateSettings().init).toBeUndefined();
    page.preferences.set({ initStrength: 0.4, initFrom: 'original' });
    expect(page.generateSettings().init).toEqual({ imageSha256: page.work.picture?.sha256, strength: 0.4 });
    page.preferences.set({ initFrom: 'shown', width: 96, height: 64 });
    expect(page.generateSettings()).toMatchObject({
      init: { imageSha256: page.drawing.results.selected?.image.sha256 },
      width: 96,
      height: 64,
    });
  });
});

describe('a mask over the picture', () => {
  it('makes the drawing start from that picture, is kept as made from it, and stands in the recipe', async () => {
    const page = await startWithResult();
    const { picture } = page.work;
    page.masks.toggle();
    expect(page.preferences.values).toMatchObject({ initFrom: 'original', initStrength: 1 });
    page.masks.paintBox();
    const letGo = await hold();
    await page.drawing.generate();
    await bench.until(() => expect(page.drawing.job?.request.kind).toBe('generate'));
    const request = page.drawing.job?.request;
    const init = request?.kind === 'generate' ? request.settings.init : undefined;
    expect(init).toMatchObject({ imageSha256: picture?.sha256, strength: 1 });
    await letGo();
    await bench.until(() => expect(page.drawing.busy).toBe(false));
    expect(page.drawing.error).toBeNull();
    expect(page.drawing.results.selected?.recipe.init).toEqual(init);
    const { items } = await bench.core.client.library.query({ kinds: ['picture'] });
    const mask = items.find((item) => item.kind === 'picture' && item.image.sha256 === init?.maskSha256);
    expect(mask?.parents).toEqual([picture?.itemId]);
  });

  it('is undone stroke by stroke while it is painted, before the words are', async () => {
    const page = await startWithResult();
    page.shortcuts.register([...listTextCommands(page), ...listMaskCommands(page)]);
    expect(page.shortcuts.run('mask-invert')).toBe(false);
    page.shortcuts.run('paint-mask');
    page.shortcuts.run('mask-invert');
    expect(page.masks.share).toBe(1);
    page.shortcuts.run('undo');
    expect(page.masks.share).toBe(0);
    expect(page.work.picture).not.toBeNull();
    page.shortcuts.run('redo');
    expect(page.masks.share).toBe(1);
  });
});

describe('measuring lengths', () => {
  it('is one job for every length, with the same seeds for each', async () => {
    const page = await startWithResult();
    page.preferences.set({ steps: 2, initStrength: 0.5 });
    const letGo = await hold();
    await page.lengthFidelity.measure();
    await page.lengthFidelity.measure();
    const jobs = await roundtrips(page);
    expect(jobs).toHaveLength(1);
    expect(jobs[0]?.request).toMatchObject({
      lengths: [5, 15, 75],
      imageSha256: page.work.picture?.sha256,
      settings: { count: 4, seed: 1, steps: 2 },
    });
    expect(jobs[0]?.request).not.toHaveProperty('settings.init');
    expect(page.lengthFidelity.busy).toBe(true);
    await letGo();
    await bench.until(() => expect(page.lengthFidelity.busy).toBe(false));
    expect(page.notices.list).toEqual([]);
    expect(await roundtrips(page)).toMatchObject([{ state: 'done' }]);
  });

  it('stops when asked, and says nothing of it', async () => {
    const page = await startWithResult();
    await hold();
    await page.lengthFidelity.measure();
    await page.lengthFidelity.cancel();
    await bench.until(() => expect(page.lengthFidelity.busy).toBe(false));
    expect(await roundtrips(page)).toMatchObject([{ state: 'cancelled' }]);
    expect(page.notices.list).toEqual([]);
  });
});

describe('notices', () => {
  it('keeps what was told lately after it has gone from the screen', async () => {
    const page = await startWithResult();
    page.notices.tell('Kept.');
    const id = page.notices.list[0]?.id ?? 0;
    page.notices.dismiss(id);
    expect(page.notices.list).toEqual([]);
    expect(page.notices.recent[0]?.body.message).toBe('Kept.');
  });
});
