import type { BatchRowQuery, BatchRowState } from '../../contract/batch.ts';
import type { BatchList } from './batch-list.ts';
import type { StoredBatch, StoredRow, StoredRowState } from './batch-records.ts';

/** Where rows of a state are stored; null where this batch can have none. */
function toStored(state: BatchRowState, batch: StoredBatch): StoredRowState | 'working' | null {
  switch (state) {
    case 'queued':
      return batch.state === 'paused' ? null : 'waiting';
    case 'paused':
      return batch.state === 'paused' ? 'waiting' : null;
    case 'running':
      return 'working';
    case 'done':
    case 'failed':
    case 'cancelled':
      return state;
  }
}

/** The rows a person asks for, by the states they are shown in. */
export function findRows(
  batches: BatchList,
  batch: StoredBatch,
  query: BatchRowQuery,
): { readonly rows: readonly StoredRow[]; readonly total: number } {
  const states = query.states.length === 0 ? null : query.states.flatMap((state) => toStored(state, batch) ?? []);
  return batches.read.page({ ...query, states, working: batches.live(batch.id).working });
}
