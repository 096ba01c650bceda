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

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dediffusion-crash-'));
  opened = await openDurableServices(folder);
});
afterEach(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});

/** A paused batch of the pack's scenes; gives its id and its rows' numbers. */
async function prepare(draw: { steps: number; count: number } | null) {
  const { batchActions, packs, batches } = opened.services;
  const { manifest } = await packs.resolvePack(PACK_ID);
  const { id } = batchActions.create('Scenes', { lengths: [5], draw });
  await batchActions.pause(id);
  for (const { file } of manifest.samples) {
    const { image } = await addSample(opened.services, PACK_ID, file);
    batchActions.add(id, [{ name: file, sha256: image.sha256, error: null }]);
  }
  return { id, seqs: batches.read.waiting(id, 100).map(({ seq }) => seq) };
}

/** Ends the engine whenever it works while `isTime` says so. */
function killWhen(isTime: () => boolean): void {
  const { engine } = opened.services;
  engine.onStatus(({ state }) => {
    if (state === 'busy' && isTime()) void engine.kill();
  });
}

// Every kill is followed by a cold start of the engine, which takes long on a busy machine.
describe.skipIf(!hasPack)('a batch whose engine is killed', { timeout: 180_000 }, () => {
  it.each([['reading', null] as const, ['drawing', { steps: 2, count: 1 }] as const])(
    'goes on, and fails the one row that kills it again and again while %s',
    async (_, draw) => {
      const { batchActions, batches, queue } = opened.services;
      const { id, seqs } = await prepare(draw);
      const guilty = seqs[2] ?? 0;
      killWhen(() => batches.live(id).working.includes(guilty));
      batchActions.resume(id);
      await untilIdle(queue);
      const { rows } = batchActions.rows({
        batchId: id,
        offset: 0,
        limit: 100,
        sort: 'position',
        descending: false,
        states: [],
        search: '',
      });
      expect(rows.map(({ state }) => state)).toEqual(seqs.map((seq) => (seq === guilty ? 'failed' : 'done')));
      expect(rows[2]?.error).toMatchObject({ code: 'engine-crashed' });
      expect(rows[2]?.error?.hint).not.toBe('');
      expect(batchActions.get(id)).toMatchObject({ state: 'done', error: null, counts: { failed: 1 } });
    },
  );

  it('goes on with the others when two pictures in a row crash it within a minute', async () => {
    const { batchActions, batches, engine, queue } = opened.services;
    const { id, seqs } = await prepare(null);
    const guilty = seqs.slice(0, 2);
    engine.onStatus(({ state }) => {
      const processId = engine.processId();
      if (state !== 'busy' || processId === null || !batches.live(id).working.some((seq) => guilty.includes(seq))) return;
      // By another hand than the studio's: a crash as it counts them.
      process.kill(processId, 'SIGKILL');
    });
    batchActions.resume(id);
    await untilIdle(queue);
    expect(batchActions.get(id)).toMatchObject({ state: 'done', error: null, counts: { failed: 2, done: seqs.length - 2 } });
    expect(batches.read.waiting(id, 1)).toEqual([]);
  });

  it('loses nothing when it was nobody’s fault', async () => {
    const { batchActions, queue, library } = opened.services;
    const { id, seqs } = await prepare({ steps: 2, count: 1 });
    let kills = 0;
    killWhen(() => batchActions.get(id).counts.done === 1 && (kills += 1) === 1);
    batchActions.resume(id);
    await untilIdle(queue);
    expect(kills).toBeGreaterThanOrEqual(1);
    expect(batchActions.get(id)).toMatchObject({ state: 'done', counts: { done: seqs.length, failed: 0 } });
    const count = (kind: 'prompt' | 'generation') =>
      library.queryItems({ text: '', kinds: [kind], trashed: false, limit: 100 }).total;
    expect(count('prompt')).toBe(seqs.length);
    expect(count('generation')).toBe(seqs.length);
  });
});
