import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Job } from '../../../contract/job.ts';
import { readRecord } from '../../../contract/record.ts';
import { transferOrderRecord } from '../../../contract/transfer.ts';
import { openJobQueue } from '../../../main/jobs/open-job-queue.ts';
import { createId } from '../../../main/storage/create-id.ts';
import { Transfers } from '../../../main/transfers/transfers.ts';
import { TransferStore } from '../../../main/transfers/transfer-store.ts';
import { FIFTH_RECORDS, FOURTH_RECORDS, NINTH_RECORDS, readJson, TENTH_RECORDS } from '../../helpers/frozen-records.ts';
import { smallTransfer as order } from '../../helpers/small-transfer.ts';

const place = { row: 0, column: 0, seedIndex: 0 };
const clock = (): number => 1_000;

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dediffusion-transfers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A queue whose jobs fail at once, and what is asked of it; the two files as they lie after a death. */
function open(folder: string) {
  const begun: string[] = [];
  const queue = openJobQueue({
    file: join(folder, 'jobs.sqlite'),
    run: (job: Job) => {
      begun.push(job.id);
      return Promise.reject(new Error('nothing draws here'));
    },
    clock,
    log: () => undefined,
    needsOf: () => ({ lane: 'device' }),
  });
  const store = new TransferStore({ file: join(folder, 'transfers.sqlite'), clock });
  const connected: Transfers[] = [];
  const connect = () => {
    const transfers = new Transfers({
      ...{ store, queue, clock, log: () => undefined },
      connections: { list: () => [] },
      similarity: { compare: () => Promise.resolve(0.5) },
    });
    connected.push(transfers);
    return transfers;
  };
  const close = async () => {
    for (const transfers of connected) transfers.close();
    await queue.close();
    store.close();
  };
  return { begun, queue, store, connect, close };
}

describe('after a death', () => {
  it('a cell whose job never reached the queue is given out again', async () => {
    const folder = makeFolder();
    const first = open(folder);
    first.store.add({ id: 'transfer', createdMs: 1, order });
    first.store.change('transfer', place, { jobId: 'never-there' });
    await first.close();
    const second = open(folder);
    onTestFinished(() => second.close());
    second.connect();
    const jobId = second.store.cell('transfer', place).jobId;
    expect(second.queue.list().map(({ id }) => id)).toEqual([jobId]);
    expect(jobId).not.toBe('never-there');
  });

  it('a job that the queue has is followed, and not submitted a second time', async () => {
    const folder = makeFolder();
    const first = open(folder);
    const jobId = createId(clock());
    first.store.add({ id: 'transfer', createdMs: 1, order });
    first.store.change('transfer', place, { jobId });
    first.queue.submit(
      { kind: 'generate', packId: 'small', prompt: { type: 'text', text: 'a fox' }, settings: { seed: 3 }, parents: [] },
      jobId,
    );
    await first.close();
    const second = open(folder);
    onTestFinished(() => second.close());
    const transfers = second.connect();
    expect(second.queue.list().map(({ id }) => id)).toEqual([jobId]);
    const failed = new Promise<void>((resolve) => {
      second.queue.subscribe(() => {
        if (second.store.cell('transfer', place).state === 'failed') resolve();
      });
    });
    second.queue.start();
    await failed;
    expect(second.begun).toEqual([jobId]);
    expect(transfers.get('transfer').counts).toMatchObject({ failed: 1 });
  });
});

describe('what is stored', () => {
  it('opens as the first version of it was written', () => {
    const frozen = readJson(join(FOURTH_RECORDS, 'transfer.json'));
    expect(readRecord(transferOrderRecord, frozen)).toMatchObject({
      rows: [{ name: '5 tokens', originalSha256: '0'.repeat(64) }, { prompt: { type: 'text', text: 'a red fox' } }],
      tools: [{ packId: 'tiny-scenes' }, { connectionIds: ['comfyui', 'other'] }],
    });
  });

  it('knows second prompts, layers to leave out and rescaled guidance since its second version, and one of a later studio as newer', async () => {
    const frozen = readJson(join(FIFTH_RECORDS, 'transfer.json'));
    expect(readRecord(transferOrderRecord, frozen).settings).toEqual({
      ...{ steps: 4, seed: 7 },
      ...{ guidanceRescale: 0.5, secondPrompt: 'a fox in the snow', clipSkip: 1 },
    });
    const folder = makeFolder();
    const first = open(folder);
    first.store.add({ id: 'transfer', createdMs: 1, order });
    await first.close();
    const database = new Database(join(folder, 'transfers.sqlite'));
    onTestFinished(() => void database.close());
    const stored = database.prepare('SELECT transfer_order FROM transfers').pluck().get();
    // A studio of before would draw without them, so it has to be told that it does not know all.
    expect(JSON.parse(String(stored))).toMatchObject({ schemaVersion: 4 });
  });

  it('knows whose way of reading weights it is since its fourth version', () => {
    const { schemaVersion, ...frozen } = readJson(join(TENTH_RECORDS, 'transfer.json'));
    expect(readRecord<unknown>(transferOrderRecord, { schemaVersion, ...frozen })).toEqual(frozen);
    expect(frozen).toMatchObject({ settings: { emphasis: 'comfyui' } });
    expect(schemaVersion).toBe(transferOrderRecord.version);
  });

  it('knows columns that a person draws by hand since its third version, and gives none of their places to anybody', async () => {
    const frozen = readRecord(transferOrderRecord, readJson(join(NINTH_RECORDS, 'transfer.json')));
    const [, , byHand] = frozen.tools;
    expect(byHand).toEqual({ type: 'midjourney' });
    const opened = open(makeFolder());
    onTestFinished(() => opened.close());
    const transfers = opened.connect();
    const { id, counts } = transfers.create({ ...frozen, tools: frozen.tools.slice(2), scorerPackId: 'small' });
    expect(counts).toMatchObject({ awaited: 4, queued: 0 });
    expect(opened.queue.list()).toEqual([]);
    expect((await transfers.cancel(id)).counts).toMatchObject({ awaited: 0, cancelled: 4 });
    expect(transfers.retry(id).counts).toMatchObject({ awaited: 4, cancelled: 0 });
  });

  it('loses one place of the grid to damage, and not the others', async () => {
    const folder = makeFolder();
    const first = open(folder);
    first.store.add({ id: 'transfer', createdMs: 1, order: { ...order, seeds: 2 } });
    await first.close();
    const database = new Database(join(folder, 'transfers.sqlite'));
    database.prepare("UPDATE transfer_cells SET error = '{' WHERE seed_index = 1").run();
    database.close();
    const second = open(folder);
    onTestFinished(() => second.close());
    expect(second.store.cells('transfer').map(({ state, error }) => [state, error?.code])).toEqual([
      ['waiting', undefined],
      ['failed', 'library-damaged'],
    ]);
  });

  it('leaves what a later studio wrote as it is, and says so', async () => {
    const folder = makeFolder();
    const first = open(folder);
    first.store.add({ id: 'transfer', createdMs: 1, order });
    await first.close();
    const database = new Database(join(folder, 'transfers.sqlite'));
    const named = 'b'.repeat(64);
    const later = JSON.stringify({ ...order, schemaVersion: 99, reading: named });
    database.prepare('UPDATE transfers SET transfer_order = ?').run(later);
    database.close();
    const second = open(folder);
    onTestFinished(() => second.close());
    expect(second.store.list()).toEqual([]);
    // What it names stays, because its own studio will need it.
    expect([...second.store.listHashes()]).toEqual([named]);
    expect(second.store.problems).toEqual([
      'Transfer transfer: This transfer was written by a newer version of the studio. It was left as it is.',
    ]);
  });
});
