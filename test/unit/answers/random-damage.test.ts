import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchList } from '../../../main/batches/batch-list.ts';
import { openJobQueue } from '../../../main/jobs/open-job-queue.ts';
import { openLibrary } from '../../../main/library/open-library.ts';
import { VectorStore } from '../../../main/likeness/vector-store.ts';
import { batchSchema } from '../../../contract/batch.ts';
import { jobSchema } from '../../../contract/job.ts';
import {
  libraryOverviewSchema,
  libraryPageSchema,
  libraryQuerySchema,
  libraryRowsQuerySchema,
  libraryRowsSchema,
} from '../../../contract/library.ts';
import { copyFrozenLibrary } from '../../helpers/frozen-records.ts';
import { describeBatch } from '../../../main/batches/describe-batch.ts';
import { batchRowSchema } from '../../../contract/batch.ts';
import { transferSchema } from '../../../contract/transfer.ts';
import { describeTransfer } from '../../../main/transfers/describe-transfer.ts';
import { TransferStore } from '../../../main/transfers/transfer-store.ts';
import { smallTransfer } from '../../helpers/small-transfer.ts';
import { toBatchRow } from '../../../main/batches/to-batch-row.ts';

const SEEDS = 24;
const PAGE = 4096;

/** Numbers 0 ≤ n < below, the same for the same seed (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What power cuts, failing disks and other programs do to a file. */
const DAMAGES: readonly ((bytes: Buffer, random: (below: number) => number) => Buffer)[] = [
  (bytes, random) => {
    for (let flip = 0; flip < 1 + random(40); flip += 1) bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  () => Buffer.alloc(0),
  (bytes, random) =>
    bytes.fill(0, random(Math.ceil(bytes.length / PAGE)) * PAGE, (random(Math.ceil(bytes.length / PAGE)) + 1) * PAGE),
];

let original = '';
let folder = '';
beforeAll(async () => {
  const copy = copyFrozenLibrary();
  original = copy.folder;
  await openLibrary({ folder: original, clock: Date.now }).close();
  const store = new TransferStore({ file: join(original, 'transfers.sqlite'), clock: Date.now });
  for (const id of ['one', 'another']) store.add({ id, createdMs: 1, order: { ...smallTransfer, seeds: 16 } });
  store.close();
});
afterAll(() => rmSync(original, { recursive: true, force: true }));

/** Every way there is to list what the file holds; throws on what the contract would refuse. */
const LISTINGS: Readonly<Record<string, () => Promise<number>>> = {
  'index.sqlite': async () => {
    const library = openLibrary({ folder, clock: Date.now });
    const page = libraryPageSchema.parse(library.queryItems(libraryQuerySchema.parse({})));
    libraryRowsSchema.parse(library.queryRows(libraryRowsQuerySchema.parse({ order: 'title' })));
    libraryOverviewSchema.parse(library.overview());
    library.queryItems(libraryQuerySchema.parse({ text: 'a' }));
    for (const { id } of page.items) library.getLineage(id);
    await library.close();
    return readdirSync(join(folder, 'items')).length - page.items.length;
  },
  'jobs.sqlite': async () => {
    const run = () => Promise.reject(new Error('nothing runs here'));
    const options = { run, clock: Date.now, log: () => undefined, needsOf: () => ({ lane: 'device' as const }) };
    const queue = openJobQueue({ ...options, file: join(folder, 'jobs.sqlite') });
    for (const job of queue.list({ results: 'none' })) {
      jobSchema.parse(job);
      queue.get(job.id);
    }
    queue.clear();
    await queue.close();
    return 0;
  },
  'batches.sqlite': () => {
    const list = new BatchList({ file: join(folder, 'batches.sqlite'), clock: Date.now });
    for (const batch of list.list()) {
      batchSchema.parse(describeBatch(batch, list.live(batch.id), null));
      for (const rows of list.read.inOrder(batch.id, 10)) {
        for (const row of rows) batchRowSchema.parse(toBatchRow(row, batch, []));
      }
      list.takeWaiting(batch.id, 100);
      list.changeRows(batch.id, (rows) => rows.retry(batch.id));
    }
    list.close();
    return Promise.resolve(0);
  },
  'transfers.sqlite': () => {
    const store = new TransferStore({ file: join(folder, 'transfers.sqlite'), clock: Date.now });
    store.listHashes();
    for (const transfer of store.list()) {
      transferSchema.parse(describeTransfer(transfer, store.cells(transfer.id), { jobs: new Map(), connections: [] }));
      store.change(transfer.id, { row: 0, column: 0, seedIndex: 15 }, { state: 'cancelled', error: null });
      expect(store.cells(transfer.id)).toHaveLength(
        transfer.order.rows.length * transfer.order.tools.length * transfer.order.seeds,
      );
      store.remove(transfer.id);
    }
    store.close();
    return Promise.resolve(0);
  },
  'vectors.sqlite': () => {
    const store = VectorStore.open({ file: join(folder, 'vectors.sqlite'), clock: Date.now, onProblem: () => undefined });
    const scorer = '33527db30966ba90f91a6491c7fb89e04a01c0974738ea5f30382dd87366a823';
    const vectors = store.list(scorer);
    store.put(scorer, [{ sha256: 'c'.repeat(64), vector: new Float32Array(vectors[0]?.vector.length ?? 3) }]);
    store.remove(['c'.repeat(64)]);
    store.close();
    expect(new Set(vectors.map(({ vector }) => vector.length)).size).toBeLessThan(2);
    return Promise.resolve(0);
  },
};

describe.each(Object.entries(LISTINGS))('%s, damaged at random,', (name, list) => {
  it(`is opened and listed (${SEEDS} seeds)`, async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      folder = mkdtempSync(join(tmpdir(), 'dediffusion-damage-'));
      cpSync(original, folder, { recursive: true });
      const random = randomOf(seed);
      const damage = DAMAGES[seed % DAMAGES.length];
      const file = join(folder, name);
      writeFileSync(file, damage?.(readFileSync(file), random) ?? '');
      // Of the library nothing may be missing, whatever becomes of its index.
      const missing = await list().catch((cause: unknown) => {
        throw new Error(`seed ${seed} of ${name}`, { cause });
      });
      expect(missing, `seed ${seed}`).toBe(0);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
