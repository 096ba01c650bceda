import type { BatchSettings, BatchText } from '../../contract/batch.ts';
import type { ErrorBody } from '../../contract/errors.ts';

/** A batch as it is stored. What it is doing follows from this, its rows and its job. */
export interface StoredBatch {
  readonly id: string;
  readonly name: string;
  readonly createdMs: number;
  readonly settings: BatchSettings;
  readonly state: 'active' | 'paused' | 'cancelled' | 'failed';
  readonly jobId: string | null;
  readonly error: ErrorBody | null;
}

export type StoredRowState = 'waiting' | 'done' | 'failed' | 'cancelled';

/** A row as it is stored. That it is being worked on is not: after a death it waits again. */
export interface StoredRow {
  readonly seq: number;
  readonly id: string;
  readonly name: string;
  readonly sha256: string | null;
  readonly pictureId: string | null;
  readonly thumbhash: string | null;
  readonly state: StoredRowState;
  /** How often the engine crashed while it had this row in hand. */
  readonly crashes: number;
  readonly error: ErrorBody | null;
  readonly texts: readonly BatchText[];
}

/** A file to be put into a batch. Without a picture it is a failed row with its error. */
export interface NewRow {
  readonly id: string;
  readonly name: string;
  readonly sha256: string | null;
  readonly pictureId: string | null;
  readonly thumbhash: string | null;
  readonly error: ErrorBody | null;
}
