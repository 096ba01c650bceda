import type { BatchRequest, BatchResult } from '../../../contract/job.ts';
import type { StoredRow } from '../../batches/batch-records.ts';
import type { JobContext } from '../../jobs/job-context.ts';
import { YIELDED } from '../../jobs/job-queue.ts';
import { BatchProgress } from './batch-progress.ts';
import type { BatchWork } from './batch-work.ts';
import { drawBatchRow } from './draw-batch-row.ts';
import type { JobServices } from '../../services/job-services.ts';
import { readBatchRows } from './read-batch-rows.ts';

/** One call to the engine reads all of these, so that its batches are as large as in one long reading. */
const ROWS_READ = 1024;
/** Read a few, draw them, and read on: each row is complete soon after it was begun. */
const ROWS_DRAWN = 16;
/** At a start some texts may be in the library that the row does not know of; they were in hand at most. */
const ROWS_AT_START = 48;

/** Rows that are done together. One that was in hand when the engine crashed is done alone, so that the guilty one is found. */
function takeRows(services: JobServices, batchId: string, most: number): readonly StoredRow[] {
  const rows = services.batches.takeWaiting(batchId, most);
  if ((rows[0]?.crashes ?? 0) > 0) return rows.slice(0, 1);
  const suspect = rows.findIndex(({ crashes }) => crashes > 0);
  return suspect === -1 ? rows : rows.slice(0, suspect);
}

async function workOn(work: BatchWork, rows: readonly StoredRow[], reuseSinceMs: number | null): Promise<void> {
  const { services, batchId } = work;
  const { settings } = services.batches.get(batchId);
  const ready = await readBatchRows(work, settings, rows, reuseSinceMs);
  if (settings.draw === null) return;
  for (const row of ready) {
    if (work.isInterrupted()) return;
    await drawBatchRow(work, settings.draw, row);
  }
}

/** Does the rows that wait, in their order, until none is left, another job goes first, or it is paused. What is done is kept row by row. */
export async function runBatch(
  services: JobServices,
  { batchId }: BatchRequest,
  context: JobContext,
): Promise<BatchResult | typeof YIELDED> {
  const { batches } = services;
  // Started again by hand from the list of jobs, it is no longer paused.
  const { settings, createdMs } = batches.change(batchId, { state: 'active', error: null });
  const progress = new BatchProgress(batches, batchId, context);
  const pack = await services.packs.openPack(settings.packId ?? services.defaultPackId(), { signal: context.signal });
  // Refuses a pack without one before anything is read.
  if (settings.draw !== null) services.models.scorer(pack);
  try {
    for (let most = ROWS_AT_START; ; most = settings.draw === null ? ROWS_READ : ROWS_DRAWN) {
      context.signal.throwIfAborted();
      const rows = takeRows(services, batchId, most);
      if (rows.length === 0) break;
      if (context.isLaneWanted()) return YIELDED;
      const { turn } = batches.live(batchId);
      const isInterrupted = () => context.isLaneWanted() || batches.live(batchId).turn !== turn;
      const work = { services, batchId, pack, context, progress, isInterrupted };
      await workOn(work, rows, most === ROWS_AT_START ? createdMs : null);
    }
  } finally {
    batches.showWorking(batchId, []);
  }
  const { done, failed } = batches.live(batchId).counts;
  return { kind: 'batch', done, failed };
}
