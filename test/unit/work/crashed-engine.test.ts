import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../../contract/job.ts';
import { addSample } from '../../../main/answers/find-sample.ts';
import type { OpenedServices } from '../../../main/answers/open-services.ts';
import { PACK_ID, hasPack } from '../../contract/open-test-studio.ts';
import { openDurableServices } from './open-durable-services.ts';
import { untilIdle } from '../jobs/until-idle.ts';

let folder: string;
let opened: OpenedServices;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-crash-'));
  opened = await openDurableServices(folder);
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

/** Ends the engine as soon as the library has got `count` new items, then waits for the job. */
async function killAfter(count: number, submit: () => Job): Promise<Job> {
  const { library, engine, queue } = opened.services;
  const stop = library.subscribe(() => {
    if (library.countItems() < count) return;
    stop();
    void engine.kill();
  });
  const { id } = submit();
  await untilIdle(queue);
  return queue.get(id);
}

// Two cold starts of the engine take long on a busy machine.
describe.skipIf(!hasPack)('a job whose engine is killed', { timeout: 180_000 }, () => {
  it('draws the rest, and keeps no picture twice', async () => {
    const { queue, library } = opened.services;
    // Without guidance pictures are drawn one by one, so that the kill falls between two.
    // Many steps, so that the engine is still at it when the first picture has been kept.
    const settings = { steps: 150, seed: 11, count: 3, guidance: 1 };
    const job = await killAfter(1, () =>
      queue.submit({ kind: 'generate', prompt: { type: 'text', text: 'a red fox' }, settings, parents: [] }),
    );
    expect(job).toMatchObject({ state: 'done', attempts: 2, error: null });
    if (job.result?.kind !== 'generate') throw new Error('no generation');
    const seeds = job.result.items.map((item) => (item.kind === 'generation' ? item.recipe.seed : null));
    expect(seeds).toEqual([11, 12, 13]);
    const { items } = library.queryItems({ text: '', kinds: ['generation'], trashed: false, limit: 100 });
    expect(new Set(items.map(({ id }) => id))).toEqual(new Set(job.result.items.map(({ id }) => id)));
  });

  it('reads the rest, and keeps no text twice', async () => {
    const { queue, library, packs } = opened.services;
    const { manifest } = await packs.resolvePack(PACK_ID);
    const pictures = [];
    for (const { file } of manifest.samples) pictures.push(await addSample(opened.services, PACK_ID, file));
    const imageSha256s = pictures.map(({ image }) => image.sha256);
    const job = await killAfter(pictures.length + 1, () => queue.submit({ kind: 'encode', imageSha256s, lengths: [5, 15, 75] }));
    expect(job).toMatchObject({ state: 'done', error: null });
    if (job.result?.kind !== 'encode') throw new Error('no encoding');
    expect(job.result.images.map(({ imageSha256 }) => imageSha256)).toEqual(imageSha256s);
    for (const { documents } of job.result.images) expect(documents.map(({ document }) => document.length)).toEqual([5, 15, 75]);
    const { items } = library.queryItems({ text: '', kinds: ['prompt'], trashed: false, limit: 1000 });
    const complete = job.result.images.flatMap(({ documents }) => documents.map(({ itemId }) => itemId));
    expect(new Set(complete).size).toBe(pictures.length * 3);
    // A picture whose texts were only partly saved is read again as a whole.
    expect(items.length - complete.length).toBeLessThan(3);
  });
});
