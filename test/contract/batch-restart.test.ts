import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BatchSettings } from '../../contract/batch.ts';
import { openStudio } from '../../main/studio.ts';
import { repeatableRandom } from '../helpers/repeatable-random.ts';
import { brokenFile, greys, isAtRest, rowsOf, sendFiles, waitForBatch } from './batch-workshop.ts';
import { hasPack } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';

const SCRIPT = join(import.meta.dirname, 'work-on-batch.ts');
const PICTURES = 12;
const KILLS = 3;

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dediffusion-batch-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function open(dataFolder: string): Promise<TestStudio> {
  const studio = await openStudio({ dataFolder, device: 'cpu' });
  return { studio, client: studio.client, close: () => studio.close() };
}

/** A paused batch with pictures and one file that is none. */
async function prepare(test: TestStudio, settings: BatchSettings): Promise<string> {
  const { id } = await test.client.batches.create({ name: 'Long', settings });
  await test.client.batches.pause({ batchId: id });
  await test.client.batches.add({ batchId: id, files: await sendFiles(test, [...(await greys(PICTURES)), brokenFile]) });
  return id;
}

/** A studio of its own works on the batch until `moreRows` are done, and is then killed in the middle. */
async function workAndKill(dataFolder: string, moreRows: number, random: () => number): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, dataFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let first: number | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    const [done, state] = line.split(' ');
    first ??= Number(done);
    if (Number(done) >= first + moreRows || state === 'done') break;
  }
  await setTimeout(random() * 150);
  child.kill('SIGKILL');
  await closed;
}

// Cold starts of the engine take long on a busy machine.
describe.skipIf(!hasPack)('a batch', { timeout: 300_000 }, () => {
  it('goes on where it was when the studio was closed in the middle', async () => {
    const folder = await makeFolder();
    const first = await open(folder);
    const id = await prepare(first, { lengths: [5], draw: { steps: 8, count: 1 } });
    await first.client.batches.resume({ batchId: id });
    await waitForBatch(first, id, ({ counts }) => counts.done >= 2);
    await first.close();

    const second = await open(folder);
    onTestFinished(() => second.close());
    const taken = await second.client.batches.get({ batchId: id });
    expect(taken.counts.done).toBeGreaterThanOrEqual(2);
    expect(['queued', 'running']).toContain(taken.state);
    expect(await waitForBatch(second, id, isAtRest)).toMatchObject({ state: 'done', counts: { done: PICTURES, failed: 1 } });
  });

  it('stays paused over a restart', async () => {
    const folder = await makeFolder();
    const first = await open(folder);
    const id = await prepare(first, { lengths: [5], draw: null });
    await first.close();
    const second = await open(folder);
    onTestFinished(() => second.close());
    expect(await second.client.batches.get({ batchId: id })).toMatchObject({ state: 'paused', counts: { paused: PICTURES } });
    await second.client.batches.resume({ batchId: id });
    expect(await waitForBatch(second, id, isAtRest)).toMatchObject({ state: 'done', counts: { done: PICTURES } });
  });

  it('accounts for every row when its studio is killed again and again, and does nothing twice', async () => {
    const folder = await makeFolder();
    const first = await open(folder);
    const id = await prepare(first, { lengths: [5], draw: { steps: 8, count: 1 } });
    await first.client.batches.resume({ batchId: id });
    await first.close();
    const random = repeatableRandom();
    for (let kill = 0; kill < KILLS; kill += 1) await workAndKill(folder, 2, random);

    const last = await open(folder);
    onTestFinished(() => last.close());
    expect(await waitForBatch(last, id, isAtRest)).toMatchObject({
      state: 'done',
      error: null,
      counts: { done: PICTURES, failed: 1, queued: 0, running: 0, paused: 0, cancelled: 0 },
    });
    for (const row of await rowsOf(last, id)) {
      expect(row).toMatchObject(row.name === 'broken.png' ? { state: 'failed' } : { state: 'done', error: null });
    }
    const count = async (kind: 'prompt' | 'generation') => (await last.client.library.query({ kinds: [kind] })).total;
    expect(await count('prompt')).toBe(PICTURES);
    expect(await count('generation')).toBe(PICTURES);
  });
});
