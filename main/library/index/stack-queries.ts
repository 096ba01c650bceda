import type { LibraryOrder, LibraryRow, LibraryRowsQuery } from '../../../contract/library.ts';
import type { ItemCondition } from './compose-filter.ts';
import { KIND_BITS } from './index-schema.ts';
import { openSealed } from './seal-json.ts';
import type { StatementCache } from './statement-cache.ts';

/** How stacks are ordered: the value of each that decides, and which way; the number of a stack settles what is equal. */
interface StackOrder {
  /** An aggregate of the items of a stack that fit. With `min` or `max` SQLite takes bare columns from the row that has it. */
  readonly place: string;
  /** What the list is ordered by, where it is not that aggregate. */
  readonly by: string;
  readonly way: 'ASC' | 'DESC';
  /** Where the item that decides also stands for the stack; otherwise the one that `COVER_FIRST` puts first does. */
  readonly deciderCovers: string;
}

/** The original stands for its stack, then what has a picture. */
const COVER_FIRST = `lead IS NOT NULL, kind = ${KIND_BITS.prompt}`;

const ORDERS: Readonly<Record<LibraryOrder, StackOrder>> = {
  newest: { place: 'max(created_ms)', by: 'place', way: 'DESC', deciderCovers: 'false' },
  oldest: { place: 'min(created_ms)', by: 'place', way: 'ASC', deciderCovers: 'false' },
  title: {
    place: `min((lead IS NOT NULL) || (kind = ${KIND_BITS.prompt}) || title_key)`,
    by: 'title_key',
    way: 'ASC',
    deciderCovers: 'true',
  },
  // What was never compared counts as less than everything.
  fidelity: { place: 'max(coalesce(fidelity, -1))', by: 'place', way: 'DESC', deciderCovers: 'place >= 0' },
};

/** What was made from one original as one row of a list. Grouping ten thousand items takes some milliseconds. */
export class StackQueries {
  readonly #statements: StatementCache;

  constructor(statements: StatementCache) {
    this.#statements = statements;
  }

  rows({ where, values }: ItemCondition, { order, limit, offset }: LibraryRowsQuery): LibraryRow[] {
    const { by, way } = ORDERS[order];
    const rows = this.#statements.rows(
      `WITH ${headsOf(where, order)}
       SELECT (SELECT json FROM grid_rows WHERE seq = cover), stacks.id, items, pictures
       FROM (SELECT *, ${coverOf(where, order)} AS cover FROM heads) JOIN stacks ON number = stack
       ORDER BY ${by} ${way}, stack ${way}`,
      { ...values, limit, offset },
    ) as [json: string, id: string, items: number, pictures: number][];
    return rows.map(([json, id, items, pictures]) => ({
      ...(openSealed(json) as LibraryRow),
      stack: items === 1 ? null : { id, items, pictures },
    }));
  }

  /** The ids of the items that stand for the stacks of the same window. */
  ids({ where, values }: ItemCondition, { order, limit, offset }: LibraryRowsQuery): string[] {
    const { by, way } = ORDERS[order];
    return this.#statements.column<string>(
      `WITH ${headsOf(where, order)}
       SELECT (SELECT id FROM items WHERE seq = cover) FROM (SELECT *, ${coverOf(where, order)} AS cover FROM heads)
       ORDER BY ${by} ${way}, stack ${way}`,
      { ...values, limit, offset },
    );
  }

  count({ where, values }: ItemCondition): number {
    const [total = 0] = this.#statements.column<number>(`SELECT count(DISTINCT stack) FROM items WHERE ${where}`, values);
    return total;
  }

  /** When each stack was made, for orders by time: the moment that its place follows. In no order. */
  moments({ where, values }: ItemCondition, order: LibraryOrder): number[] {
    const moment = order === 'oldest' ? 'min' : 'max';
    return this.#statements.column<number>(`SELECT ${moment}(created_ms) FROM items WHERE ${where} GROUP BY stack`, values);
  }

  /** Everything that fits and lies in one stack with one of these items. */
  members({ where, values }: ItemCondition, itemIds: readonly string[]): string[] {
    return this.#statements.column<string>(
      `SELECT id FROM items
       WHERE stack IN (SELECT stack FROM items WHERE id IN (SELECT value FROM json_each(@itemIds))) AND ${where}`,
      { ...values, itemIds: JSON.stringify(itemIds) },
    );
  }
}

/** The stacks of a window. */
function headsOf(where: string, order: LibraryOrder): string {
  const { place, by, way } = ORDERS[order];
  return `heads AS (
    SELECT stack, seq, title_key, ${place} AS place, count(*) AS items, sum(kind <> ${KIND_BITS.prompt}) AS pictures
    FROM items WHERE ${where} GROUP BY stack ORDER BY ${by} ${way}, stack ${way} LIMIT @limit OFFSET @offset
  )`;
}

/** The `seq` of the item that stands for a stack of `heads`. */
function coverOf(where: string, order: LibraryOrder): string {
  const first = `SELECT seq FROM items WHERE stack = heads.stack AND ${where} ORDER BY ${COVER_FIRST}, created_ms DESC, id DESC LIMIT 1`;
  return `CASE WHEN ${ORDERS[order].deciderCovers} THEN seq ELSE (${first}) END`;
}
