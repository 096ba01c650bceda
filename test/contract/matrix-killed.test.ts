import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectionSchema } from '../../contract/outside/connection.ts';
import type { Matrix } from '../../contract/texts/matrix.ts';
import { matrixRequestSchema } from '../../contract/texts/matrix.ts';
import { openStudio } from '../../main/studio.ts';
import { modelServer, writeChat } from '../helpers/model-server.ts';
import { serveHttp } from '../unit/network/local-servers.ts';
import { PACK_ID, hasPack } from './open-test-studio.ts';
import { waitForJob } from './wait-for-job.ts';
import { pictureOf } from './workshop.ts';

const SCRIPT = join(import.meta.dirname, 'work-on-matrix.ts');
const PICTURES = 4;
const PAIRS = (PICTURES * (PICTURES - 1)) / 2;
const CELLS = PICTURES * (PICTURES - 1);

/** A language model that writes what the rules wrote, and so passes their checks; a question of a number that is held gets no answer. */
function modelLike({ sources, cells }: Matrix) {
  const answered: string[] = [];
  let held = { number: -1, come: (): void => undefined };
  const textOf = (object: number, scene: number) => cells.find((cell) => cell.object === object && cell.scene === scene)?.text;
  const { listener, heard } = modelServer((response, number, { body }) => {
    if (number === held.number) {
      held.come();
      return;
    }
    const question = JSON.stringify((body['messages'] as unknown[]).at(-1));
    const [a = -1, b = -1] = sources.flatMap(({ text }, at) => (question.includes(text) ? [at] : []));
    answered.push(`${a} ${b}`);
    writeChat(response, JSON.stringify({ aPlusB: textOf(a, b), bPlusA: textOf(b, a) }));
  });
  /** Resolves when the question of this number, counted from 0, has come. */
  const hold = (number: number): Promise<void> => new Promise((resolve) => (held = { number, come: resolve }));
  return { listener, heard, answered, hold };
}

/** Another process works on the matrix until this, and is then killed in the middle of it. */
async function workAndKill(
  dataFolder: string,
  jobId: string,
  until: (drawn: AsyncIterable<string>) => Promise<void>,
): Promise<void> {
  const child = spawn(process.execPath, [SCRIPT, dataFolder, jobId], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  await until(createInterface({ input: child.stdout }));
  child.kill('SIGKILL');
  await closed;
}

describe.skipIf(!hasPack)('a matrix', { timeout: 300_000 }, () => {
  it('goes on when its studio is killed again and again: no answer is asked for twice, and nothing is drawn twice', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dediffusion-matrix-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
    const open = () => openStudio({ dataFolder: folder, device: 'cpu' });
    const first = await open();
    const { samples } = await first.client.packs.info({ packId: PACK_ID });
    const imageSha256s: string[] = [];
    for (const { file } of samples.slice(0, PICTURES))
      imageSha256s.push(pictureOf(await first.client.images.addSample({ packId: PACK_ID, file })));
    const submit = (more: object) =>
      first.client.jobs.submit(
        matrixRequestSchema.parse({ kind: 'matrix', name: 'Four scenes', imageSha256s, length: 15, draw: null, ...more }),
      );
    const byRules = await submit({});
    await waitForJob(first.client, byRules.id);
    const model = modelLike(await first.client.matrices.get({ jobId: byRules.id }));
    const address = `${await serveHttp(model.listener)}/v1`;
    const { consent } = await first.client.connections.add(
      connectionSchema.parse({ id: 'mine', kind: 'openai-compatible', address, model: 'small' }),
    );
    await first.client.network.allow(consent);

    // Closed with the second pair's question on its way.
    const second = model.hold(1);
    const { id: jobId } = await submit({ writer: 'mine', draw: { steps: 1, guidance: 1, seed: 3 } });
    await second;
    await first.close();
    // Killed with the third pair's on its way: the second's has come again before.
    const fourth = model.hold(3);
    await workAndKill(folder, jobId, () => fourth);
    // Killed while it draws.
    await workAndKill(folder, jobId, async (drawn) => {
      for await (const line of drawn) if (Number(line) >= 2) return;
    });

    const last = await open();
    onTestFinished(() => last.close());
    const before = (await last.client.matrices.get({ jobId })).cells.filter(({ picture }) => picture !== null);
    expect(before.length).toBeGreaterThanOrEqual(2);
    expect(await waitForJob(last.client, jobId)).toMatchObject({
      state: 'done',
      result: { texts: CELLS, pictures: CELLS, errors: [] },
    });
    const { cells } = await last.client.matrices.get({ jobId });
    expect(cells).toEqual(expect.arrayContaining(before));
    expect((await last.client.library.query({ boardId: jobId, limit: 100 })).total).toBe(PICTURES + CELLS + CELLS);
    // Of the questions that no studio lived to hear the answer of, each was put once more; no other was.
    expect(model.answered).toEqual(['0 1', '0 2', '0 3', '1 2', '1 3', '2 3']);
    expect(model.heard).toHaveLength(PAIRS + 2);
  });
});
