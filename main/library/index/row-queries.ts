import type {
  LibraryFilter,
  LibraryMembersQuery,
  LibraryOrder,
  LibraryRow,
  LibraryRows,
  LibraryRowsQuery,
} from '../../../contract/library.ts';
import { composeFilter } from './compose-filter.ts';
import { openSealed } from './seal-json.ts';
import { countSpans } from './count-spans.ts';
import { StackQueries } from './stack-queries.ts';
import type { StatementCache } from './statement-cache.ts';

/** Each can be read off one index of index-schema.ts, forwards or backwards; SQLite counts null as the smallest. */
const ORDERS: Readonly<Record<LibraryOrder, string>> = {
  newest: 'created_ms DESC, id DESC',
  oldest: 'created_ms, id',
  title: 'title_key, id',
  fidelity: 'fidelity DESC, id DESC',
};

/** An item that has a picture, and the picture's name. */
export interface PictureRef {
  readonly id: string;
  readonly sha256: string;
}

/** Windows into a filtered, ordered list by position. Skipping goes through an index alone: some tenths of a millisecond for ten thousand. */
export class RowQueries {
  readonly #statements: StatementCache;
  readonly #stacks: StackQueries;

  constructor(statements: StatementCache) {
    this.#statements = statements;
    this.#stacks = new StackQueries(statements);
  }

  rows(query: LibraryRowsQuery): LibraryRows {
    const filter = composeFilter(query);
    if (filter === null) return { rows: [], total: 0, spans: countSpans(query.moments, []) };
    const { where, values } = filter;
    if (query.stacked) {
      const made = query.moments.length === 0 ? [] : this.#stacks.moments(filter, query.order);
      const spans = countSpans(query.moments, made);
      return { rows: this.#stacks.rows(filter, query), total: this.#stacks.count(filter), spans };
    }
    const [total = 0] = this.#statements.column<number>(`SELECT count(*) FROM items WHERE ${where}`, values);
    const order = ORDERS[query.order];
    const json = this.#statements.column<string>(
      `SELECT json FROM items JOIN grid_rows USING (seq)
       WHERE seq IN (SELECT seq FROM items WHERE ${where} ORDER BY ${order} LIMIT @limit OFFSET @offset) ORDER BY ${order}`,
      { ...values, limit: query.limit, offset: query.offset },
    );
    const made =
      query.moments.length === 0 ? [] : this.#statements.column<number>(`SELECT created_ms FROM items WHERE ${where}`, values);
    return { rows: json.map(readRow), total, spans: countSpans(query.moments, made) };
  }

  ids(query: LibraryRowsQuery): string[] {
    const filter = composeFilter(query);
    if (filter === null) return [];
    if (query.stacked) return this.#stacks.ids(filter, query);
    return this.#statements.column<string>(
      `SELECT id FROM items WHERE ${filter.where} ORDER BY ${ORDERS[query.order]} LIMIT @limit OFFSET @offset`,
      { ...filter.values, limit: query.limit, offset: query.offset },
    );
  }

  /** Everything that fits and lies in one stack with one of these items, in no order. */
  members({ itemIds, ...query }: LibraryMembersQuery): string[] {
    const filter = composeFilter(query);
    return filter === null ? [] : this.#stacks.members(filter, itemIds);
  }

  /** Every item that fits and has a picture, in no order. */
  pictures(query: LibraryFilter): PictureRef[] {
    const filter = composeFilter(query);
    if (filter === null) return [];
    const rows = this.#statements.rows(
      `SELECT id, image_sha256 FROM items WHERE ${filter.where} AND image_sha256 IS NOT NULL`,
      filter.values,
    ) as [string, string][];
    return rows.map(([id, sha256]) => ({ id, sha256 }));
  }

  /** The row of one item; undefined when there is no such item. */
  row(id: string): LibraryRow | undefined {
    const [json] = this.#statements.column<string>('SELECT json FROM items JOIN grid_rows USING (seq) WHERE id = @id', { id });
    return json === undefined ? undefined : readRow(json);
  }
}

/** Written by the index from items the contract's schema took, so not parsed by it a second time. */
function readRow(json: string): LibraryRow {
  return openSealed(json) as LibraryRow;
}
