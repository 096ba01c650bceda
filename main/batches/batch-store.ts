import type Database from 'better-sqlite3';
import { z } from 'zod';
import { batchSettingsRecord } from '../../contract/batch.ts';
import { StudioError } from '../../contract/errors.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import { storedBatchSchema } from './batch-records.ts';
import type { StoredBatch } from './batch-records.ts';
import { BATCH_TABLES } from './batch-tables.ts';
import { placeBefore } from './place-before.ts';
import { openStoredDatabase } from '../storage/open-stored-database.ts';
import { BatchRowStore } from './batch-row-store.ts';

/** Whatever a row holds. */
type StoredColumns = Readonly<Record<keyof BatchColumns, unknown>>;

interface BatchColumns {
  readonly id: string;
  readonly name: string;
  readonly createdMs: number;
  readonly settings: string;
  readonly state: StoredBatch['state'];
  readonly jobId: string | null;
  readonly error: string | null;
}

export interface StoredBatches {
  readonly batches: readonly StoredBatch[];
  /** Those that cannot be read, by their ids, with the error that says why: `record-newer`, or `bad-request` for a damaged one. */
  readonly unreadable: ReadonlyMap<string, StudioError>;
}

/** Batches and their rows on disk, every change a transaction. SqliteError passes through. */
export class BatchStore {
  readonly rows: BatchRowStore;
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;

  /** Opens or makes the file. One that is no database any more is put aside under another name, which `onProblem` hears of. */
  constructor(file: string, clock: () => number, onProblem: (problem: string) => void) {
    const holds = 'list of batches';
    const check = prepareStatements;
    this.#database = openStoredDatabase({ file, steps: BATCH_TABLES, check, holds, clock, onProblem });
    this.#statements = prepareStatements(this.#database);
    this.rows = new BatchRowStore(this.#database);
  }

  /** In the order in which they are done. */
  list(): StoredBatches {
    const batches: StoredBatch[] = [];
    const unreadable = new Map<string, StudioError>();
    for (const columns of this.#statements.list.all()) {
      try {
        batches.push(fromColumns(columns));
      } catch (cause) {
        const id = String(columns.id);
        unreadable.set(id, cause instanceof StudioError ? cause : damagedBatch(id, cause));
      }
    }
    return { batches, unreadable };
  }

  /** At the end. */
  append(batch: StoredBatch): void {
    this.#statements.append.run(toColumns(batch));
  }

  update(batch: StoredBatch): void {
    this.#statements.update.run(toColumns(batch));
  }

  /** With all its rows. */
  remove(batchId: string): void {
    this.#database.transaction(() => {
      this.rows.removeAll(batchId);
      this.#statements.remove.run(batchId);
    })();
  }

  /** Puts a batch before another; null: at the end. */
  move(batchId: string, beforeId: string | null): void {
    this.#database.transaction(() => {
      const ids = this.#statements.list.all().map(({ id }) => String(id));
      for (const [position, id] of placeBefore(ids, [batchId], beforeId).entries()) this.#statements.place.run({ id, position });
    })();
  }

  close(): void {
    this.#database.close();
  }
}

function prepareStatements(database: Database.Database) {
  return {
    list: database.prepare<[], StoredColumns>(
      'SELECT id, name, created_ms AS createdMs, settings, state, job_id AS jobId, error FROM batches ORDER BY position',
    ),
    append: database.prepare<[BatchColumns]>(
      `INSERT INTO batches (position, id, name, created_ms, settings, state, job_id, error)
       VALUES ((SELECT coalesce(max(position), 0) + 1 FROM batches), @id, @name, @createdMs, @settings, @state, @jobId, @error)`,
    ),
    update: database.prepare<[BatchColumns]>(
      'UPDATE batches SET name = @name, settings = @settings, state = @state, job_id = @jobId, error = @error WHERE id = @id',
    ),
    place: database.prepare<[{ id: string; position: number }]>('UPDATE batches SET position = @position WHERE id = @id'),
    remove: database.prepare<[string]>('DELETE FROM batches WHERE id = ?'),
  };
}

function toColumns(batch: StoredBatch): BatchColumns {
  const { settings, error } = batch;
  return {
    ...batch,
    settings: JSON.stringify(writeRecord(batchSettingsRecord, settings)),
    error: error === null ? null : JSON.stringify(error),
  };
}

/** Throws StudioError record-newer, ZodError or SyntaxError. */
function fromColumns(columns: StoredColumns): StoredBatch {
  const { settings, error } = columns;
  return storedBatchSchema.parse({
    ...columns,
    settings: readRecord(batchSettingsRecord, parseJson(settings)),
    error: error === null ? null : parseJson(error),
  });
}

function parseJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

function damagedBatch(batchId: string, cause: unknown): StudioError {
  const reason = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : String(cause);
  const hint = 'Its pictures and texts are in the library; drop the folder again to go on with it.';
  return new StudioError(
    'bad-request',
    `The stored batch ${batchId} cannot be read any more: ${reason}`,
    hint,
    { batchId },
    cause,
  );
}
