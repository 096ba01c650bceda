import type Database from 'better-sqlite3';
import type { BatchSort, BatchText } from '../../contract/batch.ts';
import { errorBodySchema } from '../../contract/errors.ts';
import type { StoredRow, StoredRowState } from './batch-records.ts';

export interface StoredRowQuery {
  readonly batchId: string;
  readonly offset: number;
  readonly limit: number;
  readonly sort: BatchSort;
  readonly descending: boolean;
  /** Null: all. `working`: rows in hand, which count as no other state. */
  readonly states: readonly (StoredRowState | 'working')[] | null;
  /** Rows in hand. */
  readonly working: readonly number[];
  readonly search: string;
}

type Columns = Omit<StoredRow, 'texts' | 'error'> & { readonly error: string | null };
interface TextColumns {
  readonly seq: number;
  readonly length: number;
  readonly itemId: string;
  readonly text: string;
  readonly mean: number | null;
  readonly spread: number | null;
}

const COLUMNS = 'seq, id, name, sha256, picture_id AS pictureId, thumbhash, state, crashes, error';

/** By the longest text, which is the one a person looks at. */
const longest = (column: string) => `(SELECT ${column} FROM batch_texts WHERE row_seq = seq ORDER BY length DESC LIMIT 1)`;

/** What each sort orders by. */
const ORDERS: Readonly<Record<BatchSort, string>> = {
  position: 'position',
  name: 'name_key',
  state: "CASE state WHEN 'failed' THEN 0 WHEN 'waiting' THEN 1 WHEN 'cancelled' THEN 2 ELSE 3 END",
  text: longest('lower(text)'),
  fidelity: longest('fidelity_mean'),
  error: 'error',
};

/** Rows that lack it come last, whichever way. */
const MAY_LACK: readonly BatchSort[] = ['text', 'fidelity', 'error'];

const FILTER = `batch_id = @batchId
  AND (@states IS NULL
    OR (state IN (SELECT value FROM json_each(@states)) AND seq NOT IN (SELECT value FROM json_each(@working)))
    OR (@wantsWorking AND seq IN (SELECT value FROM json_each(@working))))
  AND (@search = '' OR name LIKE @search ESCAPE '\\'
    OR EXISTS (SELECT 1 FROM batch_texts WHERE row_seq = seq AND text LIKE @search ESCAPE '\\'))`;

interface Filter {
  readonly batchId: string;
  readonly states: string | null;
  readonly working: string;
  readonly wantsWorking: number;
  readonly search: string;
}

/** Rows as they are stored. SqliteError passes through. */
export class BatchRowReader {
  readonly #database: Database.Database;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: Database.Database) {
    this.#database = database;
    this.#statements = prepareStatements(database);
  }

  /** Rows in each state. */
  count(batchId: string): Readonly<Record<StoredRowState, number>> {
    const counts = { waiting: 0, done: 0, failed: 0, cancelled: 0 };
    for (const { state, rows } of this.#statements.count.all(batchId)) counts[state] = rows;
    return counts;
  }

  page(query: StoredRowQuery): { readonly rows: readonly StoredRow[]; readonly total: number } {
    const filter = toFilter(query);
    const total = this.#statements.total.get(filter) ?? 0;
    const order = ORDERS[query.sort];
    const direction = query.descending ? 'DESC' : 'ASC';
    const lacking = MAY_LACK.includes(query.sort) ? `${order} IS NULL, ` : '';
    const rows = this.#database
      .prepare<[Filter & { limit: number; offset: number }], Columns>(
        `SELECT ${COLUMNS} FROM batch_rows WHERE ${FILTER}
         ORDER BY ${lacking}${order} ${direction}, position, seq LIMIT @limit OFFSET @offset`,
      )
      .all({ ...filter, limit: query.limit, offset: query.offset });
    return { rows: this.#withTexts(rows), total };
  }

  /** The next rows to be done, in their order. */
  waiting(batchId: string, limit: number): StoredRow[] {
    return this.#withTexts(this.#statements.waiting.all({ batchId, limit }));
  }

  /** All rows, in their order, some at a time. */
  *inOrder(batchId: string, atOnce: number): Generator<readonly StoredRow[], void, void> {
    for (let offset = 0; ; offset += atOnce) {
      const rows = this.#statements.inOrder.all({ batchId, limit: atOnce, offset });
      if (rows.length > 0) yield this.#withTexts(rows);
      if (rows.length < atOnce) return;
    }
  }

  /** Texts that another row of this batch has of the same picture. */
  textsOfPicture(batchId: string, sha256: string): BatchText[] {
    return this.#statements.textsOfPicture.all({ batchId, sha256 }).map(toText);
  }

  #withTexts(rows: readonly Columns[]): StoredRow[] {
    const texts = new Map<number, BatchText[]>(rows.map(({ seq }) => [seq, []]));
    for (const text of this.#statements.texts.all(JSON.stringify([...texts.keys()]))) texts.get(text.seq)?.push(toText(text));
    return rows.map((row) => ({
      ...row,
      error: row.error === null ? null : errorBodySchema.parse(JSON.parse(row.error)),
      texts: texts.get(row.seq) ?? [],
    }));
  }
}

function prepareStatements(database: Database.Database) {
  const textColumns = 'row_seq AS seq, length, item_id AS itemId, text, fidelity_mean AS mean, fidelity_spread AS spread';
  return {
    count: database.prepare<[string], { state: StoredRowState; rows: number }>(
      'SELECT state, count(*) AS rows FROM batch_rows WHERE batch_id = ? GROUP BY state',
    ),
    total: database.prepare<[Filter], number>(`SELECT count(*) FROM batch_rows WHERE ${FILTER}`).pluck(),
    waiting: database.prepare<[{ batchId: string; limit: number }], Columns>(
      `SELECT ${COLUMNS} FROM batch_rows WHERE batch_id = @batchId AND state = 'waiting' ORDER BY position, seq LIMIT @limit`,
    ),
    inOrder: database.prepare<[{ batchId: string; limit: number; offset: number }], Columns>(
      `SELECT ${COLUMNS} FROM batch_rows WHERE batch_id = @batchId ORDER BY position, seq LIMIT @limit OFFSET @offset`,
    ),
    texts: database.prepare<[string], TextColumns>(
      `SELECT ${textColumns} FROM batch_texts WHERE row_seq IN (SELECT value FROM json_each(?)) ORDER BY length`,
    ),
    textsOfPicture: database.prepare<[{ batchId: string; sha256: string }], TextColumns>(
      `SELECT ${textColumns} FROM batch_texts
       WHERE row_seq IN (SELECT seq FROM batch_rows WHERE batch_id = @batchId AND sha256 = @sha256)`,
    ),
  };
}

function toFilter({ batchId, states, working, search }: StoredRowQuery): Filter {
  const escaped = search.trim().replace(/[\\%_]/g, '\\$&');
  return {
    batchId,
    states: states === null ? null : JSON.stringify(states),
    working: JSON.stringify(working),
    wantsWorking: states?.includes('working') === true ? 1 : 0,
    search: escaped === '' ? '' : `%${escaped}%`,
  };
}

function toText({ length, itemId, text, mean, spread }: TextColumns): BatchText {
  return { length, itemId, text, fidelity: mean === null ? null : { mean, spread: spread ?? 0 } };
}
