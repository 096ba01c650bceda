import type Database from 'better-sqlite3';
import type { BatchText } from '../../contract/batch.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { BatchRowReader } from './batch-row-reader.ts';
import type { NewRow, StoredRowState } from './batch-records.ts';
import { placeBefore } from './place-before.ts';

interface RowColumns {
  readonly batchId: string;
  readonly id: string;
  readonly name: string;
  readonly nameKey: string;
  readonly sha256: string | null;
  readonly pictureId: string | null;
  readonly thumbhash: string | null;
  readonly state: StoredRowState;
  readonly error: string | null;
}

/** Changes of rows; what reads them is `read`. */
export class BatchRowStore {
  readonly read: BatchRowReader;
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#statements = prepareStatements(database);
    this.read = new BatchRowReader(database);
  }

  /** At the end. A file whose name stands on a row that never got its picture takes that row's place: it is the same one, mended. Without its folders it is found by its last name. */
  add(batchId: string, rows: readonly NewRow[]): void {
    this.#database.transaction(() => {
      for (const row of rows) {
        const columns = toColumns(batchId, row);
        if (this.#statements.mend.run(columns).changes === 0) this.#statements.append.run(columns);
      }
    })();
  }

  /** Keeps what was read of a row, and that it is done where nothing is left to do. True when it became done by this. */
  keepTexts(seq: number, texts: readonly BatchText[], done: boolean): boolean {
    return this.#database.transaction(() => {
      for (const { length, itemId, text, fidelity } of texts) {
        const { mean, spread } = fidelity ?? { mean: null, spread: null };
        this.#statements.keepText.run({ seq, length, itemId, text, mean, spread });
      }
      return done && this.#statements.settle.run({ seq, state: 'done', error: null }).changes > 0;
    })();
  }

  /** True when the row was waiting and failed by this. */
  fail(seq: number, error: ErrorBody): boolean {
    return this.#statements.settle.run({ seq, state: 'failed', error: JSON.stringify(error) }).changes > 0;
  }

  countCrash(seqs: readonly number[]): void {
    this.#database.transaction(() => {
      for (const seq of seqs) this.#statements.countCrash.run(seq);
    })();
  }

  /** Rows that wait become cancelled; absent ids: all of the batch. */
  cancel(batchId: string, rowIds?: readonly string[]): void {
    if (rowIds === undefined) this.#statements.cancelAll.run(batchId);
    else this.#each(rowIds, (id) => this.#statements.cancel.run({ batchId, id }));
  }

  /** Cancelled rows wait again. */
  resume(batchId: string): void {
    this.#statements.resume.run(batchId);
  }

  /** Rows that failed or were cancelled wait again; those without a picture stay failed, for there is nothing to read. */
  retry(batchId: string, rowIds?: readonly string[]): void {
    if (rowIds === undefined) this.#statements.retryAll.run(batchId);
    else this.#each(rowIds, (id) => this.#statements.retry.run({ batchId, id }));
  }

  /** Puts rows, in the order they have, before another; null: at the end. */
  move(batchId: string, rowIds: readonly string[], beforeId: string | null): void {
    this.#database.transaction(() => {
      const rows = this.#statements.order.all(batchId);
      const places = new Map(rows.map(({ id, position }) => [id, position]));
      const placed = placeBefore([...places.keys()], rowIds, beforeId);
      for (const [position, id] of placed.entries()) {
        if (places.get(id) !== position) this.#statements.place.run({ id, position });
      }
    })();
  }

  remove(batchId: string, rowIds: readonly string[]): void {
    this.#each(rowIds, (id) => {
      this.#statements.removeTexts.run({ batchId, id });
      this.#statements.remove.run({ batchId, id });
    });
  }

  removeAll(batchId: string): void {
    this.#statements.removeAllTexts.run(batchId);
    this.#statements.removeAll.run(batchId);
  }

  #each(rowIds: readonly string[], change: (id: string) => void): void {
    this.#database.transaction(() => rowIds.forEach(change))();
  }
}

function prepareStatements(database: Database.Database) {
  type OfBatch = [{ batchId: string; id: string }];
  const waitAgain = "SET state = 'waiting', error = NULL, crashes = 0";
  const canWait = "sha256 IS NOT NULL AND state IN ('failed', 'cancelled')";
  return {
    append: database.prepare<[RowColumns]>(
      `INSERT INTO batch_rows (batch_id, position, id, name, name_key, sha256, picture_id, thumbhash, state, error)
       VALUES (@batchId, (SELECT coalesce(max(position), 0) + 1 FROM batch_rows WHERE batch_id = @batchId),
         @id, @name, @nameKey, @sha256, @pictureId, @thumbhash, @state, @error)`,
    ),
    mend: database.prepare<[RowColumns]>(
      `UPDATE batch_rows SET sha256 = @sha256, picture_id = @pictureId, thumbhash = @thumbhash, state = @state, error = @error
       WHERE seq = (SELECT min(seq) FROM batch_rows WHERE batch_id = @batchId AND sha256 IS NULL
         AND (name = @name OR (instr(@name, '/') = 0 AND substr(name, -length(@name) - 1) = '/' || @name)))`,
    ),
    keepText: database.prepare<
      [{ seq: number; length: number; itemId: string; text: string; mean: number | null; spread: number | null }]
    >('INSERT OR REPLACE INTO batch_texts VALUES (@seq, @length, @itemId, @text, @mean, @spread)'),
    settle: database.prepare<[{ seq: number; state: StoredRowState; error: string | null }]>(
      "UPDATE batch_rows SET state = @state, error = @error WHERE seq = @seq AND state = 'waiting'",
    ),
    countCrash: database.prepare<[number]>('UPDATE batch_rows SET crashes = crashes + 1 WHERE seq = ?'),
    cancelAll: database.prepare<[string]>("UPDATE batch_rows SET state = 'cancelled' WHERE batch_id = ? AND state = 'waiting'"),
    cancel: database.prepare<OfBatch>(
      "UPDATE batch_rows SET state = 'cancelled' WHERE batch_id = @batchId AND id = @id AND state = 'waiting'",
    ),
    resume: database.prepare<[string]>(`UPDATE batch_rows ${waitAgain} WHERE batch_id = ? AND state = 'cancelled'`),
    retryAll: database.prepare<[string]>(`UPDATE batch_rows ${waitAgain} WHERE batch_id = ? AND ${canWait}`),
    retry: database.prepare<OfBatch>(`UPDATE batch_rows ${waitAgain} WHERE batch_id = @batchId AND id = @id AND ${canWait}`),
    order: database.prepare<[string], { id: string; position: number }>(
      'SELECT id, position FROM batch_rows WHERE batch_id = ? ORDER BY position, seq',
    ),
    place: database.prepare<[{ id: string; position: number }]>('UPDATE batch_rows SET position = @position WHERE id = @id'),
    remove: database.prepare<OfBatch>('DELETE FROM batch_rows WHERE batch_id = @batchId AND id = @id'),
    removeTexts: database.prepare<OfBatch>(
      'DELETE FROM batch_texts WHERE row_seq = (SELECT seq FROM batch_rows WHERE batch_id = @batchId AND id = @id)',
    ),
    removeAll: database.prepare<[string]>('DELETE FROM batch_rows WHERE batch_id = ?'),
    removeAllTexts: database.prepare<[string]>(
      'DELETE FROM batch_texts WHERE row_seq IN (SELECT seq FROM batch_rows WHERE batch_id = ?)',
    ),
  };
}

/** Sorts as a person counts: 2 before 10. */
function toNameKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}

function toColumns(batchId: string, row: NewRow): RowColumns {
  const { error } = row;
  return {
    ...row,
    batchId,
    nameKey: toNameKey(row.name),
    state: error === null ? 'waiting' : 'failed',
    error: error === null ? null : JSON.stringify(error),
  };
}
