import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EncodeRequest, Job } from '../../contract/job.ts';
import { decoderSearchSchema } from '../../contract/texts/reader-choice.ts';
import { searchStateSchema } from '../../main/services/unfinished-work.ts';
import type { SearchState } from '../../main/services/unfinished-work.ts';
import { openStudio } from '../../main/studio.ts';
import { hasPack, PACK_ID } from './open-test-studio.ts';
import { waitForJob } from './wait-for-job.ts';
import { pictureOf } from './workshop.ts';

const SCRIPT = join(import.meta.dirname, 'work-on-jobs.ts');

/** How far the one search of a folder is, as it would be found after a death; null while it has kept nothing. */
async function kept(folder: string): Promise<SearchState | null> {
  const states = join(folder, 'cache', 'searches');
  const [name] = (await readdir(states).catch(() => [])).filter((file) => file.endsWith('.json'));
  if (name === undefined) return null;
  return searchStateSchema.parse(JSON.parse(await readFile(join(states, name), 'utf8')));
}

/** Another process works on the search until it is in the middle of a sweep, and is then killed. */
async function sweepAndKill(folder: string): Promise<SearchState> {
  const child = spawn(process.execPath, [SCRIPT, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const state = await kept(folder);
    if (state !== null && Number(line) > state.evaluations) break;
  }
  child.kill('SIGKILL');
  await closed;
  const last = await kept(folder);
  if (last === null) throw new Error('the search ended before it could be killed');
  return last;
}

function foundBy({ result, error }: Job): { words: string[]; loss: object | undefined } {
  const [image] = result?.kind === 'encode' ? result.images : [];
  const [text] = image?.documents ?? [];
  if (text === undefined) throw new Error(error?.message ?? 'no text');
  return { words: text.document.slots.map((slot) => slot.text), loss: text.loss };
}

describe.skipIf(!hasPack)('a search', { timeout: 300_000 }, () => {
  it('that is killed loses no more than the sweep it was at, and comes to the same text', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dediffusion-search-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
    const open = () => openStudio({ dataFolder: folder, device: 'cpu' });
    const first = await open();
    const { samples } = await first.client.packs.info({ packId: PACK_ID });
    const image = await first.client.images.addSample({ packId: PACK_ID, file: samples[0]?.file ?? '' });
    const reader = decoderSearchSchema.parse({ method: 'decoder-search', from: 'nothing', seed: 3 });
    const request: EncodeRequest = { kind: 'encode', imageSha256s: [pictureOf(image)], lengths: [5], reader };
    const { id } = await first.client.jobs.submit(request);
    await first.close();

    const state = await sweepAndKill(folder);
    expect(state.sweeps).toBeGreaterThanOrEqual(0);

    const last = await open();
    onTestFinished(() => last.close());
    const steps: number[] = [];
    for await (const event of await last.client.studio.events()) {
      if (event.type !== 'job-changed' || event.job.id !== id) continue;
      if (event.job.progress.phase === 'scoring') steps.push(event.job.progress.step);
      if (event.job.endedMs !== null) break;
    }
    // What was kept was not asked for again.
    expect(Math.min(...steps)).toBeGreaterThan(state.evaluations);
    const found = foundBy(await waitForJob(last.client, id));
    const { id: whole } = await last.client.jobs.submit(request);
    expect(found).toEqual(foundBy(await waitForJob(last.client, whole)));
    expect(await kept(folder)).toBeNull();
  });
});
