import type { BatchText } from '../../contract/batch.ts';
import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { ChangeAnnouncer } from '../running/change-announcer.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import type { NewRow, StoredBatch, StoredRow, StoredRowState } from './batch-records.ts';
import type { BatchRowReader } from './batch-row-reader.ts';
import type { BatchRowStore } from './batch-row-store.ts';
import { BatchStore } from './batch-store.ts';

export interface BatchListOptions {
  /** Path of batches.sqlite; its folder exists. */
  readonly file: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What is known of a batch beyond what is stored. */
interface Live {
  counts: Record<StoredRowState, number>;
  /** Rows in hand. */
  working: readonly number[];
  /** Grows when rows change places or stop waiting by someone else's hand: whoever works on them looks again. */
  turn: number;
  revision: number;
}

/**
 * Every batch and its rows, kept on disk: whatever happens to the process, each row is waiting, done, failed or cancelled.
 * Throws StudioError not-found, disk-full, file-unwritable.
 */
export class BatchList {
  /** What could not be read when the list was opened, one sentence each. */
  readonly problems: readonly string[];
  readonly #options: BatchListOptions;
  readonly #store: BatchStore;
  readonly #announcer: ChangeAnnouncer;
  #batches: Map<string, StoredBatch>;
  /** Batches that are damaged, or that a later studio wrote. */
  readonly #unreadable: ReadonlyMap<string, StudioError>;
  readonly #live = new Map<string, Live>();

  constructor(options: BatchListOptions) {
    const problems: string[] = [];
    this.#options = options;
    this.#announcer = new ChangeAnnouncer(options.clock);
    this.#store = this.#guard(() => new BatchStore(options.file, options.clock, (problem) => problems.push(problem)));
    const { batches, unreadable } = this.#guard(() => this.#store.list());
    this.#batches = byId(batches);
    this.#unreadable = unreadable;
    problems.push(...[...unreadable].map(([id, { message }]) => `Batch ${id}: ${message} It was left as it is.`));
    this.problems = problems;
  }

  get read(): BatchRowReader {
    return this.#store.rows.read;
  }

  /** In the order in which they are done. */
  list(): readonly StoredBatch[] {
    return [...this.#batches.values()];
  }

  find(batchId: string): StoredBatch | null {
    return this.#batches.get(batchId) ?? null;
  }

  get(batchId: string): StoredBatch {
    const batch = this.#batches.get(batchId);
    if (batch) return batch;
    const hint = 'It may have been removed; drop the folder again.';
    throw this.#unreadable.get(batchId) ?? new StudioError('not-found', 'There is no such batch.', hint, { batchId });
  }

  /** Its place among the batches, from 0; after all of them when it is gone. */
  rank(batchId: string): number {
    const at = [...this.#batches.keys()].indexOf(batchId);
    return at === -1 ? this.#batches.size : at;
  }

  live(batchId: string): Readonly<Live> {
    return this.#liveOf(batchId);
  }

  append(batch: StoredBatch): void {
    this.#guard(() => this.#store.append(batch));
    this.#batches.set(batch.id, batch);
    this.#announcer.announceList();
    this.touch(batch.id);
  }

  change(batchId: string, change: Partial<Omit<StoredBatch, 'id'>>): StoredBatch {
    const batch = { ...this.get(batchId), ...change };
    this.#guard(() => this.#store.update(batch));
    this.#batches.set(batchId, batch);
    this.touch(batchId);
    return batch;
  }

  remove(batchId: string): void {
    this.get(batchId);
    this.#guard(() => this.#store.remove(batchId));
    this.#batches.delete(batchId);
    this.#live.delete(batchId);
    this.#announcer.forget(batchId);
    this.#announcer.announceList();
  }

  move(batchId: string, beforeId: string | null): void {
    this.get(batchId);
    this.#guard(() => this.#store.move(batchId, beforeId));
    this.#batches = byId(this.#store.list().batches);
    this.#announcer.announceList();
  }

  /** At the end: whoever works on the rows before them goes on. */
  addRows(batchId: string, rows: readonly NewRow[]): void {
    this.#changeRows(batchId, (store) => store.add(batchId, rows));
  }

  /** A change by a person's hand of rows that may be in hand. */
  changeRows(batchId: string, change: (rows: BatchRowStore) => void): void {
    this.#changeRows(batchId, change);
    this.#liveOf(batchId).turn += 1;
  }

  /** Keeps what was read of a waiting row, and that it is done where nothing is left to do. */
  keepTexts(batchId: string, row: StoredRow, texts: readonly BatchText[], done: boolean): void {
    const settled = this.#guard(() => this.#store.rows.keepTexts(row.seq, texts, done));
    if (settled) this.#settle(batchId, 'done');
    this.touch(batchId);
  }

  failRow(batchId: string, row: StoredRow, error: ErrorBody): void {
    if (this.#guard(() => this.#store.rows.fail(row.seq, error))) this.#settle(batchId, 'failed');
    this.touch(batchId);
  }

  /** The next rows to be done, in their order. One that cannot be read any more fails on the way, and the others go on. */
  takeWaiting(batchId: string, limit: number): readonly StoredRow[] {
    for (;;) {
      const rows = this.#guard(() => this.read.waiting(batchId, limit));
      const damaged = rows.flatMap((row) => (row.error === null ? [] : [{ row, error: row.error }]));
      if (damaged.length === 0) return rows;
      for (const { row, error } of damaged) this.failRow(batchId, row, error);
    }
  }

  countCrash(rows: readonly StoredRow[]): void {
    this.#guard(() => this.#store.rows.countCrash(rows.map(({ seq }) => seq)));
  }

  /** Says which rows are in hand. */
  showWorking(batchId: string, working: readonly number[]): void {
    const live = this.#live.get(batchId);
    if (live === undefined) return;
    live.working = working;
    this.touch(batchId);
  }

  /** Tells listeners that a batch has changed. */
  touch(batchId: string): void {
    if (!this.#batches.has(batchId)) return;
    this.#liveOf(batchId).revision += 1;
    this.#announcer.announce(batchId);
  }

  /** `batchId` null: the list itself has changed. Returns the way to stop. */
  subscribe(listener: (batchId: string | null) => void): () => void {
    return this.#announcer.subscribe(listener);
  }

  close(): void {
    this.#announcer.close();
    this.#store.close();
  }

  #changeRows(batchId: string, change: (rows: BatchRowStore) => void): void {
    this.get(batchId);
    this.#guard(() => change(this.#store.rows));
    this.#liveOf(batchId).counts = { ...this.read.count(batchId) };
    this.touch(batchId);
  }

  #liveOf(batchId: string): Live {
    const known = this.#live.get(batchId);
    if (known) return known;
    const live: Live = { counts: { ...this.read.count(batchId) }, working: [], turn: 0, revision: 0 };
    this.#live.set(batchId, live);
    return live;
  }

  /** Counted along, because counting ten thousand rows after each would take longer than reading one. */
  #settle(batchId: string, state: 'done' | 'failed'): void {
    const { counts } = this.#liveOf(batchId);
    counts.waiting -= 1;
    counts[state] += 1;
  }

  #guard<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (cause) {
      throw toStorageError(cause, this.#options.file);
    }
  }
}

function byId(batches: readonly StoredBatch[]): Map<string, StoredBatch> {
  return new Map(batches.map((batch) => [batch.id, batch]));
}
