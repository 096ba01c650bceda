import type { BatchRow, BatchRowState } from '../../contract/batch.ts';
import type { StoredBatch, StoredRow } from './batch-records.ts';

function stateOf(row: StoredRow, batch: StoredBatch, working: readonly number[]): BatchRowState {
  if (row.state !== 'waiting') return row.state;
  if (working.includes(row.seq)) return 'running';
  return batch.state === 'paused' ? 'paused' : 'queued';
}

/** A row as it is told. */
export function toBatchRow(row: StoredRow, batch: StoredBatch, working: readonly number[]): BatchRow {
  const { id, name, sha256, pictureId, thumbhash, texts, error } = row;
  return { id, name, state: stateOf(row, batch, working), sha256, pictureId, thumbhash, texts: [...texts], error };
}
