import type { Job } from '../../contract/job.ts';
import type { Connection } from '../../contract/outside/connection.ts';
import { isTool } from '../../contract/outside/connection.ts';
import type { Transfer, TransferCell, TransferOrder, TransferSummary } from '../../contract/transfer.ts';
import { textOf } from './cell-comparisons.ts';
import { handOut } from './hand-out.ts';
import { rateRow } from './rate-row.ts';
import type { StoredCell, StoredTransfer } from './transfer-records.ts';

/** What is known beside what is stored. */
export interface TransferSurroundings {
  readonly jobs: ReadonlyMap<string, Job>;
  readonly connections: readonly Connection[];
}

/** A transfer as lists show it. */
export function summariseTransfer(
  { id, createdMs, order }: StoredTransfer,
  cells: readonly StoredCell[],
  { jobs }: Pick<TransferSurroundings, 'jobs'>,
): TransferSummary {
  const counts = { queued: 0, running: 0, awaited: 0, done: 0, failed: 0, cancelled: 0 };
  for (const cell of cells) counts[stateOf(cell, order, jobs)] += 1;
  return { id, name: order.name, createdMs, counts };
}

/** A whole transfer as a person is told of it. */
export function describeTransfer(
  transfer: StoredTransfer,
  cells: readonly StoredCell[],
  surroundings: TransferSurroundings,
): Transfer {
  const { rows, tools, settings, seeds } = transfer.order;
  return {
    ...summariseTransfer(transfer, cells, surroundings),
    rows: rows.map((row, at) => ({
      name: row.name,
      text: textOf(row),
      originalSha256: row.originalSha256,
      itemId: row.itemId,
      comparedWith: row.originalSha256 === null ? 'text' : 'picture',
      rating: rateRow(cells.filter((cell) => cell.row === at)),
    })),
    tools,
    seeds: Array.from({ length: seeds }, (_, index) => (settings.seed ?? 0) + index),
    settings,
    cells: cells.map((cell) => describeCell(cell, transfer.order, surroundings)),
  };
}

function describeCell(cell: StoredCell, order: TransferOrder, surroundings: TransferSurroundings): TransferCell {
  const job = cell.jobId === null ? undefined : surroundings.jobs.get(cell.jobId);
  const state = stateOf(cell, order, surroundings.jobs);
  const connection = surroundings.connections.find(({ id }) => id === cell.connectionId);
  const price = connection !== undefined && isTool(connection) ? (connection.price?.picture ?? null) : null;
  return {
    ...cell,
    state,
    handedOut: handOut(order, cell),
    cost: state === 'done' ? price : null,
    progress: state === 'running' ? (job?.progress ?? null) : null,
  };
}

/** A waiting cell is drawn while its job runs, and one that no program can ask for waits for a person. */
function stateOf(
  { state, jobId, column }: Pick<StoredCell, 'state' | 'jobId' | 'column'>,
  { tools }: Pick<TransferOrder, 'tools'>,
  jobs: ReadonlyMap<string, Job>,
): TransferCell['state'] {
  if (state !== 'waiting') return state;
  if (tools[column]?.type === 'midjourney') return 'awaited';
  return jobId !== null && jobs.get(jobId)?.state === 'running' ? 'running' : 'queued';
}
