import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addSample } from '../../../main/answers/find-sample.ts';
import type { OpenedServices } from '../../../main/answers/open-services.ts';
import { PACK_ID, hasPack } from '../../contract/open-test-studio.ts';
import { openDurableServices } from './open-durable-services.ts';
import { untilIdle } from '../jobs/until-idle.ts';

let folder: string;
let opened: OpenedServices;

const open = () => openDurableServices(folder);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-words-'));
  opened = await open();
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

/** Submits the measurement of a text of the first sample, slow enough to be broken off in the middle. */
async function submit(): Promise<string> {
  const { queue, packs } = opened.services;
  const { manifest } = await packs.resolvePack(PACK_ID);
  const { image } = await addSample(opened.services, PACK_ID, manifest.samples[0]?.file ?? '');
  const read = queue.submit({ kind: 'encode', imageSha256s: [image.sha256], lengths: [15] });
  await untilIdle(queue);
  const { result } = queue.get(read.id);
  const document = result?.kind === 'encode' ? result.images[0]?.documents[0]?.document : undefined;
  if (document === undefined) throw new Error('no text');
  const settings = { steps: 12, seed: 3, count: 2 };
  return queue.submit({ kind: 'word-values', document, originalSha256: image.sha256, settings }).id;
}

/** Resolves when `pictures` of the job's pictures are finished. */
function whenDrawn(jobId: string, pictures: number): Promise<void> {
  const { queue } = opened.services;
  return new Promise((resolve) => {
    const stop = queue.subscribe((job) => {
      if (job.id !== jobId || job.progress.phase === 'loading' || job.progress.step < pictures) return;
      stop();
      resolve();
    });
  });
}

// Two cold starts of the engine take long on a busy machine.
describe.skipIf(!hasPack)('measuring words that is broken off', { timeout: 180_000 }, () => {
  it('goes on after the engine was killed, with what was drawn before', async () => {
    const jobId = await submit();
    await whenDrawn(jobId, 8);
    await opened.services.engine.kill();
    await untilIdle(opened.services.queue);
    expect(opened.services.queue.get(jobId)).toMatchObject({ state: 'done', attempts: 2, error: null });
  });

  it('goes on after the studio was closed and opened again', async () => {
    const jobId = await submit();
    await whenDrawn(jobId, 8);
    await opened.close();
    opened = await open();
    await untilIdle(opened.services.queue);
    const { state, result } = opened.services.queue.get(jobId);
    expect(state).toBe('done');
    expect(result?.kind === 'word-values' ? result.words.length : 0).toBeGreaterThan(3);
  });
});
