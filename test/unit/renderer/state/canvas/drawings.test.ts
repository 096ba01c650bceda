import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Job } from '../../../../../contract/job.ts';
import type { Studio } from '../../../../../renderer/state/studio.svelte.ts';
import { CoreBench } from '../../core-bench.ts';

let bench: CoreBench;
beforeAll(async () => {
  bench = await CoreBench.open();
});
afterAll(() => bench.close());

/** A studio with a picture that was read and drawn once. */
async function startWithResult(): Promise<Studio> {
  const studio = await bench.startPage();
  await studio.reading.openItem(await bench.addScene('Pig'));
  await studio.drawing.generate();
  await bench.until(() => expect(studio.drawing.results.items).toHaveLength(1));
  await bench.until(() => expect(studio.drawing.busy).toBe(false));
  return studio;
}

/** What is submitted from here on waits until it is let go, at the test's end at the latest. */
async function hold(): Promise<() => Promise<void>> {
  const letGo = await bench.occupy();
  onTestFinished(letGo);
  return letGo;
}

async function roundtrips(studio: Studio): Promise<Job[]> {
  const jobs = await bench.core.client.jobs.list();
  return jobs.filter(({ request }) => request.kind === 'roundtrip' && request.imageSha256 === studio.manuscript.picture?.sha256);
}

describe('drawing', () => {
  it('queues one drawing behind the other and takes the results of both', async () => {
    const studio = await startWithResult();
    const letGo = await hold();
    await studio.drawing.generate();
    await studio.drawing.generate();
    expect([studio.drawing.busy, studio.drawing.waiting]).toEqual([true, 1]);
    await letGo();
    await bench.until(() => expect(studio.drawing.results.items).toHaveLength(3));
    await bench.until(() => expect(studio.drawing.busy).toBe(false));
  });

  it('shows what is drawn, unless a person looks at an older result meanwhile', async () => {
    const studio = await startWithResult();
    const older = studio.drawing.results.selected?.id ?? '';
    const letGo = await hold();
    await studio.drawing.generate();
    expect(studio.drawing.shown).toBe(true);
    studio.drawing.show(older);
    expect(studio.drawing.shown).toBe(false);
    await letGo();
    await bench.until(() => expect(studio.drawing.results.items).toHaveLength(2));
    await bench.until(() => expect(studio.drawing.busy).toBe(false));
    expect(studio.drawing.results.selected?.id).toBe(older);
    await studio.drawing.generate();
    await bench.until(() => expect(studio.drawing.busy).toBe(false));
    expect(studio.drawing.results.items).toHaveLength(3);
    expect(studio.drawing.results.selected?.id).not.toBe(older);
  });

  it('starts from the result shown, the original, or noise', async () => {
    const studio = await startWithResult();
    expect(studio.generateSettings().init).toBeUndefined();
    studio.preferences.set({ initStrength: 0.4, initFrom: 'original' });
    expect(studio.generateSettings().init).toEqual({ imageSha256: studio.manuscript.picture?.sha256, strength: 0.4 });
    studio.preferences.set({ initFrom: 'shown', width: 96, height: 64 });
    expect(studio.generateSettings()).toMatchObject({
      init: { imageSha256: studio.drawing.results.selected?.image.sha256 },
      width: 96,
      height: 64,
    });
  });
});

describe('measuring lengths', () => {
  it('is one job for every length, with the same seeds for each', async () => {
    const studio = await startWithResult();
    studio.preferences.set({ steps: 2, initStrength: 0.5 });
    const letGo = await hold();
    await studio.lengthFidelity.measure();
    await studio.lengthFidelity.measure();
    const jobs = await roundtrips(studio);
    expect(jobs).toHaveLength(1);
    expect(jobs[0]?.request).toMatchObject({
      lengths: [5, 15, 75],
      imageSha256: studio.manuscript.picture?.sha256,
      settings: { count: 4, seed: 1, steps: 2 },
    });
    expect(jobs[0]?.request).not.toHaveProperty('settings.init');
    expect(studio.lengthFidelity.busy).toBe(true);
    await letGo();
    await bench.until(() => expect(studio.lengthFidelity.busy).toBe(false));
    expect(studio.notices.list).toEqual([]);
    expect(await roundtrips(studio)).toMatchObject([{ state: 'done' }]);
  });

  it('stops when asked, and says nothing of it', async () => {
    const studio = await startWithResult();
    await hold();
    await studio.lengthFidelity.measure();
    await studio.lengthFidelity.cancel();
    await bench.until(() => expect(studio.lengthFidelity.busy).toBe(false));
    expect(await roundtrips(studio)).toMatchObject([{ state: 'cancelled' }]);
    expect(studio.notices.list).toEqual([]);
  });
});

describe('notices', () => {
  it('keeps what was told lately after it has gone from the screen', async () => {
    const studio = await startWithResult();
    studio.notices.tell('Kept.');
    const id = studio.notices.list[0]?.id ?? 0;
    studio.notices.dismiss(id);
    expect(studio.notices.list).toEqual([]);
    expect(studio.notices.recent[0]?.body.message).toBe('Kept.');
  });
});
