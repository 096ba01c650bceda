import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../../../contract/job.ts';
import { BrowserTab } from '../../../../renderer/desktop/browser-tab.ts';
import { Studio } from '../../../../renderer/state/studio.svelte.ts';
import { MemoryStorage } from '../../../helpers/memory-storage.ts';
import { createStandInCore } from '../../../helpers/stand-in-core.ts';
import type { StandInCore } from '../../../helpers/stand-in-core.ts';

const open: Studio[] = [];
afterEach(() => {
  for (const studio of open.splice(0)) studio.stop();
});

function waiting(core: StandInCore, kind: Job['request']['kind']): Job {
  const job = [...core.jobs.values()].find((one) => one.request.kind === kind && one.state === 'queued');
  if (job === undefined) throw new Error(`No ${kind} job waits.`);
  return job;
}

/** A studio with a sample that was read and drawn once. */
async function startWithResult(core: StandInCore): Promise<Studio> {
  const uploadImage = (_: Blob, title: string) => Promise.resolve(core.addPicture(title));
  const studio = new Studio({ client: core.client, uploadImage }, new MemoryStorage(), new BrowserTab());
  open.push(studio);
  studio.start();
  await vi.waitFor(() => expect(studio.facts.pack).not.toBeNull());
  const opening = studio.reading.openSample('stand-in', 'samples/one.png', 'Fox');
  await vi.waitFor(() => waiting(core, 'encode'));
  core.finish(waiting(core, 'encode').id);
  await opening;
  await vi.waitFor(() => waiting(core, 'generate'));
  core.finish(waiting(core, 'generate').id);
  await vi.waitFor(() => expect(studio.drawing.results.items).toHaveLength(1));
  return studio;
}

describe('drawing', () => {
  it('queues one drawing behind the other and takes the results of both', async () => {
    const core = createStandInCore();
    const studio = await startWithResult(core);
    await studio.drawing.generate();
    await studio.drawing.generate();
    expect([studio.drawing.busy, studio.drawing.waiting]).toEqual([true, 1]);
    core.finish(waiting(core, 'generate').id);
    core.finish(waiting(core, 'generate').id);
    await vi.waitFor(() => expect(studio.drawing.results.items).toHaveLength(3));
    expect(studio.drawing.busy).toBe(false);
  });

  it('shows what is drawn, unless a person looks at an older result meanwhile', async () => {
    const core = createStandInCore();
    const studio = await startWithResult(core);
    const older = studio.drawing.results.selected?.id ?? '';
    await studio.drawing.generate();
    expect(studio.drawing.shown).toBe(true);
    studio.drawing.show(older);
    expect(studio.drawing.shown).toBe(false);
    core.finish(waiting(core, 'generate').id);
    await vi.waitFor(() => expect(studio.drawing.results.items).toHaveLength(2));
    expect(studio.drawing.results.selected?.id).toBe(older);
    await studio.drawing.generate();
    core.finish(waiting(core, 'generate').id);
    await vi.waitFor(() => expect(studio.drawing.results.items).toHaveLength(3));
    expect(studio.drawing.results.selected?.id).not.toBe(older);
  });

  it('starts from the result shown, the original, or noise', async () => {
    const core = createStandInCore();
    const studio = await startWithResult(core);
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
    const core = createStandInCore();
    const studio = await startWithResult(core);
    studio.preferences.set({ steps: 8, initStrength: 0.5 });
    await studio.lengthFidelity.measure();
    await studio.lengthFidelity.measure();
    const jobs = [...core.jobs.values()].filter((job) => job.request.kind === 'roundtrip');
    expect(jobs).toHaveLength(1);
    expect(jobs[0]?.request).toMatchObject({
      lengths: [5, 15, 75],
      imageSha256: studio.manuscript.picture?.sha256,
      settings: { count: 4, seed: 1, steps: 8 },
    });
    expect(jobs[0]?.request).not.toHaveProperty('settings.init');
    expect(studio.lengthFidelity.busy).toBe(true);
    core.finish(jobs[0]?.id ?? '');
    await vi.waitFor(() => expect(studio.lengthFidelity.busy).toBe(false));
  });

  it('stops when asked, and says nothing of it', async () => {
    const core = createStandInCore();
    const studio = await startWithResult(core);
    await studio.lengthFidelity.measure();
    await studio.lengthFidelity.cancel();
    await vi.waitFor(() => expect(studio.lengthFidelity.busy).toBe(false));
    expect(studio.notices.list).toEqual([]);
  });
});

describe('notices', () => {
  it('keeps what was told lately after it has gone from the screen', async () => {
    const studio = await startWithResult(createStandInCore());
    studio.notices.tell('Kept.');
    const id = studio.notices.list[0]?.id ?? 0;
    studio.notices.dismiss(id);
    expect(studio.notices.list).toEqual([]);
    expect(studio.notices.recent[0]?.body.message).toBe('Kept.');
  });
});
