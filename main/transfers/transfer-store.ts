import type Database from 'better-sqlite3';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import { transferOrderRecord, transferPlaceSchema } from '../../contract/transfer.ts';
import type { TransferPlace } from '../../contract/transfer.ts';
import { openStoredDatabase } from '../storage/open-stored-database.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { nameOfPlace, storedCellSchema, storedTransferSchema } from './transfer-records.ts';
import type { StoredCell, StoredTransfer } from './transfer-records.ts';

/** How the tables of transfers grew; see `openStoredDatabase`. */
const TABLES = [
  `
  CREATE TABLE transfers (id TEXT PRIMARY KEY, created_ms INTEGER NOT NULL, transfer_order TEXT NOT NULL);
  CREATE TABLE transfer_cells (
    transfer_id TEXT NOT NULL,
    row INTEGER NOT NULL,
    tool INTEGER NOT NULL,
    seed_index INTEGER NOT NULL,
    state TEXT NOT NULL,
    job_id TEXT,
    connection_id TEXT,
    item_id TEXT,
    sha256 TEXT,
    seed INTEGER,
    score REAL,
    time_ms REAL,
    error TEXT,
    PRIMARY KEY (transfer_id, row, tool, seed_index)
  ) WITHOUT ROWID;
`,
] as const;

const emptyCell = { jobId: null, connectionId: null, itemId: null, sha256: null, seed: null, score: null, timeMs: null };

type Stored<Names extends string> = Readonly<Record<Names, unknown>>;
type CellColumns = Omit<StoredCell, 'error'> & { readonly transferId: string; readonly error: string | null };

export interface TransferStoreOptions {
  /** Path of transfers.sqlite; its folder exists. */
  readonly file: string;
  readonly clock: () => number;
}

/**
 * Transfers and their cells on disk, every change a transaction. A transfer that cannot be read is told once, left as it is, and not
 * listed. Throws StudioError not-found, disk-full, file-unwritable.
 */
export class TransferStore {
  /** What could not be read when the file was opened, one sentence each. */
  readonly problems: readonly string[];
  readonly #file: string;
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #transfers: Map<string, StoredTransfer>;
  /** Why the others cannot be read, by their ids. */
  readonly #unreadable = new Map<string, StudioError>();

  constructor({ file, clock }: TransferStoreOptions) {
    const problems: string[] = [];
    this.#file = file;
    this.#database = this.#guard(() =>
      openStoredDatabase({
        ...{ file, clock, steps: TABLES, check: prepareStatements, holds: 'list of transfers' },
        onProblem: (problem) => problems.push(problem),
      }),
    );
    this.#statements = prepareStatements(this.#database);
    const transfers: StoredTransfer[] = [];
    for (const columns of this.#guard(() => this.#statements.list.all())) {
      try {
        const order: unknown = JSON.parse(String(columns.transferOrder));
        transfers.push(storedTransferSchema.parse({ ...columns, order: readRecord(transferOrderRecord, order) }));
      } catch (cause) {
        const id = String(columns.id);
        const reason = cause instanceof StudioError ? cause : unreadable(id);
        this.#unreadable.set(id, reason);
        problems.push(`Transfer ${id}: ${reason.message} It was left as it is.`);
      }
    }
    this.#transfers = new Map(transfers.map((transfer) => [transfer.id, transfer]));
    this.problems = problems;
  }

  /** Oldest first. */
  list(): readonly StoredTransfer[] {
    return [...this.#transfers.values()];
  }

  get(transferId: string): StoredTransfer {
    const transfer = this.#transfers.get(transferId);
    if (transfer !== undefined) return transfer;
    const reason = this.#unreadable.get(transferId);
    if (reason !== undefined) throw reason;
    const hint = 'It may have been removed; begin it again.';
    throw new StudioError('not-found', 'There is no such transfer.', hint, { transferId });
  }

  /** With all its cells, which wait. */
  add(transfer: StoredTransfer): void {
    const transferOrder = JSON.stringify(writeRecord(transferOrderRecord, transfer.order));
    this.#change(() => {
      this.#statements.add.run({ id: transfer.id, createdMs: transfer.createdMs, transferOrder });
      for (const place of listPlaces(transfer.order))
        this.#write(transfer.id, { ...place, state: 'waiting', ...emptyCell, error: null });
    });
    this.#transfers.set(transfer.id, transfer);
  }

  /** Every place of the order: row by row, in each tool by tool, in each seed by seed. */
  cells(transferId: string): StoredCell[] {
    const stored = new Map<string, StoredCell>();
    for (const columns of this.#guard(() => this.#statements.cells.all(transferId))) {
      const place = transferPlaceSchema.safeParse(columns);
      if (place.success) stored.set(nameOfPlace(place.data), fromColumns(columns, place.data));
    }
    return listPlaces(this.get(transferId).order).map((place) => stored.get(nameOfPlace(place)) ?? lostCell(place));
  }

  /** Every sha256 that an order names, also of those that cannot be read: readings among them are needed. */
  listHashes(): ReadonlySet<string> {
    const orders = this.#guard(() => this.#statements.list.all()).map(({ transferOrder }) => String(transferOrder));
    return new Set(orders.flatMap((order) => order.match(/\b[0-9a-f]{64}\b/g) ?? []));
  }

  cell(transferId: string, { row, column, seedIndex }: TransferPlace): StoredCell {
    const columns = this.#guard(() => this.#statements.cell.get({ transferId, row, column, seedIndex }));
    const place = { row, column, seedIndex };
    if (columns !== undefined) return fromColumns(columns, place);
    const { rows, tools, seeds } = this.get(transferId).order;
    if (row < rows.length && column < tools.length && seedIndex < seeds) return lostCell(place);
    const hint = 'Look at the grid again.';
    throw new StudioError('not-found', 'The grid has no such place.', hint, { transferId, row, column, seedIndex });
  }

  change(transferId: string, place: TransferPlace, change: Partial<Omit<StoredCell, keyof TransferPlace>>): void {
    const cell = { ...this.cell(transferId, place), ...change };
    this.#change(() => this.#write(transferId, cell));
  }

  remove(transferId: string): void {
    this.#change(() => {
      this.#statements.removeCells.run(transferId);
      this.#statements.remove.run(transferId);
    });
    this.#transfers.delete(transferId);
  }

  close(): void {
    this.#database.close();
  }

  #write(transferId: string, { error, ...cell }: StoredCell): void {
    this.#statements.write.run({ ...cell, transferId, error: error === null ? null : JSON.stringify(error) });
  }

  #change(work: () => void): void {
    this.#guard(() => this.#database.transaction(work)());
  }

  #guard<Value>(work: () => Value): Value {
    try {
      return work();
    } catch (cause) {
      throw toStorageError(cause, this.#file);
    }
  }
}

function prepareStatements(database: Database.Database) {
  const columns = `row, tool AS column, seed_index AS seedIndex, state, job_id AS jobId, connection_id AS connectionId,
    item_id AS itemId, sha256, seed, score, time_ms AS timeMs, error`;
  type Cell = Stored<Exclude<keyof CellColumns, 'transferId'>>;
  return {
    list: database.prepare<[], Stored<'id' | 'createdMs' | 'transferOrder'>>(
      'SELECT id, created_ms AS createdMs, transfer_order AS transferOrder FROM transfers ORDER BY created_ms, id',
    ),
    add: database.prepare<[{ id: string; createdMs: number; transferOrder: string }]>(
      'INSERT INTO transfers VALUES (@id, @createdMs, @transferOrder)',
    ),
    cells: database.prepare<[string], Cell>(
      `SELECT ${columns} FROM transfer_cells WHERE transfer_id = ? ORDER BY row, tool, seed_index`,
    ),
    cell: database.prepare<[TransferPlace & { readonly transferId: string }], Cell>(
      `SELECT ${columns} FROM transfer_cells
       WHERE transfer_id = @transferId AND row = @row AND tool = @column AND seed_index = @seedIndex`,
    ),
    write: database.prepare<[CellColumns]>(
      `INSERT OR REPLACE INTO transfer_cells VALUES (@transferId, @row, @column, @seedIndex, @state, @jobId, @connectionId,
        @itemId, @sha256, @seed, @score, @timeMs, @error)`,
    ),
    removeCells: database.prepare<[string]>('DELETE FROM transfer_cells WHERE transfer_id = ?'),
    remove: database.prepare<[string]>('DELETE FROM transfers WHERE id = ?'),
  };
}

function listPlaces({ rows, tools, seeds }: StoredTransfer['order']): TransferPlace[] {
  const seedIndices = Array.from({ length: seeds }, (_, seedIndex) => seedIndex);
  return rows.flatMap((_row, row) =>
    tools.flatMap((_tool, column) => seedIndices.map((seedIndex) => ({ row, column, seedIndex }))),
  );
}

function fromColumns({ error, ...columns }: Stored<Exclude<keyof CellColumns, 'transferId'>>, place: TransferPlace): StoredCell {
  try {
    return storedCellSchema.parse({ ...columns, error: typeof error === 'string' ? (JSON.parse(error) as unknown) : error });
  } catch (cause) {
    if (!(cause instanceof z.ZodError) && !(cause instanceof SyntaxError)) throw cause;
    return lostCell(place);
  }
}

/** One that cannot be read any more has failed, so that it can be drawn again. */
function lostCell({ row, column, seedIndex }: TransferPlace): StoredCell {
  const lost = new StudioError('library-damaged', 'This place of the grid cannot be read any more.', 'Draw it again.');
  return { row, column, seedIndex, state: 'failed', ...emptyCell, error: lost.toBody() };
}

function unreadable(transferId: string): StudioError {
  const hint = 'Plan the grid again; its pictures are in the library.';
  return new StudioError('library-damaged', 'It cannot be read any more.', hint, { transferId });
}
