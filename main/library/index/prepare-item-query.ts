import type { LibraryPage, LibraryQuery } from '../../../contract/library.ts';
import { composeFilter } from './compose-filter.ts';
import { formatPageCursor, parsePageCursor } from './page-cursor.ts';
import { readListedItem } from './read-listed-item.ts';
import type { StatementCache } from './statement-cache.ts';

const EMPTY_PAGE: LibraryPage = { items: [], total: 0, next: null };

/**
 * Lists items newest first, page by page. Pages continue after the last item seen, not at an offset, so that items
 * which arrive in between are neither shown twice nor push others out. Throws StudioError bad-request on a false `after`.
 */
export function prepareItemQuery(statements: StatementCache): (query: LibraryQuery) => LibraryPage {
  return (query) => {
    const after = parsePageCursor(query.after);
    const filter = composeFilter(query);
    if (filter === null) return EMPTY_PAGE;
    const { where, values } = filter;
    // One more than asked for tells whether there is a next page.
    const rows = statements.rows(
      `SELECT json, created_ms, id FROM items JOIN listings USING (seq)
       WHERE ${where} AND (created_ms, id) < (@createdMs, @id) ORDER BY created_ms DESC, id DESC LIMIT @limit`,
      { ...values, ...after, limit: query.limit + 1 },
    ) as [string, number, string][];
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const [total = 0] = statements.column<number>(`SELECT count(*) FROM items WHERE ${where}`, values);
    return {
      items: page.map(([json]) => readListedItem(json)),
      total,
      next: rows.length > page.length && last ? formatPageCursor({ createdMs: last[1], id: last[2] }) : null,
    };
  };
}
