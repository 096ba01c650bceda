import type Database from 'better-sqlite3';
import { batchTextSchema } from '../../contract/batch.ts';
import type { BatchSort, BatchText } from '../../contract/batch.ts';
import { StudioError } from '../../contract/errors.ts';
import { storedRowSchema, storedRowStateSchema } from './batch-records.ts';
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

/** Whatever a row holds; only its place is sure. */
type Columns = Readonly<Record<Exclude<keyof StoredRow, 'seq' | 'texts'>, unknown>> & { readonly seq: number };
type TextColumns = Readonly<Record<'length' | 'itemId' | 'text' | 'mean' | 'spread', unknown>> & { readonly seq: number };

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
    // A row whose state is none any more is told as failed.
    for (const { state, rows } of this.#statements.count.all(batchId)) counts[readState(state)] += rows;
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
    return this.#statements.textsOfPicture.all({ batchId, sha256 }).flatMap((text) => toText(text) ?? []);
  }

  #withTexts(rows: readonly Columns[]): StoredRow[] {
    const texts = new Map<number, BatchText[]>(rows.map(({ seq }) => [seq, []]));
    for (const text of this.#statements.texts.all(JSON.stringify([...texts.keys()])))
      texts.get(text.seq)?.push(...[toText(text) ?? []].flat());
    return rows.map((row) => toRow(row, texts.get(row.seq) ?? []));
  }
}

function prepareStatements(database: Database.Database) {
  const textColumns = 'row_seq AS seq, length, item_id AS itemId, text, fidelity_mean AS mean, fidelity_spread AS spread';
  return {
    count: database.prepare<[string], { state: unknown; rows: number }>(
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

/** Null for a text that is none any more: it is as if it had not been read. */
function toText({ length, itemId, text, mean, spread }: TextColumns): BatchText | null {
  const fidelity = mean === null ? null : { mean, spread: spread ?? 0 };
  return batchTextSchema.safeParse({ length, itemId, text, fidelity }).data ?? null;
}

function readState(state: unknown): StoredRowState {
  return storedRowStateSchema.safeParse(state).data ?? 'failed';
}

/** A row that cannot be read is a failed one that says so: the others are shown and done. */
function toRow(columns: Columns, texts: readonly BatchText[]): StoredRow {
  const row = storedRowSchema.safeParse({ ...columns, error: parseJson(columns.error), texts });
  if (row.success) return row.data;
  const { shape } = storedRowSchema;
  const error = new StudioError(
    'bad-request',
    'What is stored of this file cannot be read any more.',
    'Drop the file here again.',
  );
  return {
    seq: columns.seq,
    id: shape.id.catch(`row-${columns.seq}`).parse(columns.id),
    name: shape.name.catch('?').parse(columns.name),
    sha256: shape.sha256.catch(null).parse(columns.sha256),
    pictureId: shape.pictureId.catch(null).parse(columns.pictureId),
    thumbhash: shape.thumbhash.catch(null).parse(columns.thumbhash),
    state: readState(columns.state) === 'done' ? 'done' : 'failed',
    crashes: 0,
    texts,
    error: error.toBody(),
  };
}

/** Undefined, which no column is, for text that is no JSON any more. */
function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
