import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStudio } from '../../main/studio.ts';
import { repeatableRandom } from '../helpers/repeatable-random.ts';
import { hasPack } from './open-test-studio.ts';
import type { TestStudio } from './open-test-studio.ts';
import { connectComfyui, isAtRest, orderOf, waitForTransfer } from './transfer-workshop.ts';

const SCRIPT = join(import.meta.dirname, 'work-on-transfer.ts');
const PICTURES = 9;
const KILLS = 3;

async function open(dataFolder: string): Promise<TestStudio> {
  const studio = await openStudio({ dataFolder, device: 'cpu' });
  return { studio, client: studio.client, close: () => studio.close() };
}

/** A studio of its own works on the transfer until `more` pictures are there, and is then killed in the middle. */
async function workAndKill(dataFolder: string, more: number, random: () => number): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, dataFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let first: number | null = null;
  for await (const line of createInterface({ input: child.stdout })) {
    first ??= Number(line);
    if (Number(line) >= Math.min(PICTURES, first + more)) break;
  }
  await setTimeout(random() * 100);
  child.kill('SIGKILL');
  await closed;
}

describe.skipIf(!hasPack)('a transfer', { timeout: 300_000 }, () => {
  it('loses nothing and has nothing drawn twice when its studio is killed again and again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dediffusion-transfer-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const first = await open(folder);
    const server = await connectComfyui(first, 'patient', { price: { picture: 1, limit: null } });
    server.stepMs = 30;
    server.held = 'step';
    const texts = Array.from({ length: PICTURES }, (_, index) => `a fox number ${index + 1}`);
    const { id } = await first.client.transfers.create(
      orderOf(texts, { tools: [{ type: 'connections', connectionIds: ['patient'] }] }),
    );
    await first.close();
    server.go();
    const random = repeatableRandom();
    for (let kill = 0; kill < KILLS; kill += 1) await workAndKill(folder, 2, random);

    const last = await open(folder);
    onTestFinished(() => last.close());
    const done = await waitForTransfer(last, id, isAtRest);
    expect(done.cells.map(({ state, error }) => [state, error])).toEqual(texts.map(() => ['done', null]));
    expect(new Set(done.cells.map(({ itemId }) => itemId)).size).toBe(PICTURES);
    expect((await last.client.library.query({ kinds: ['generation'] })).total).toBe(PICTURES);
    expect(server.asked('/prompt', 'POST')).toHaveLength(PICTURES);
  });
});
