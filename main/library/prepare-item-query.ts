import type Database from 'better-sqlite3';
import type { LibraryPage, LibraryQuery } from '../../contract/library.ts';
import { KIND_BITS } from './index-schema.ts';
import { formatPageCursor, parsePageCursor } from './page-cursor.ts';
import type { PageCursor } from './page-cursor.ts';
import { readListedItem } from './read-listed-item.ts';
import { toSearchExpression } from './to-search-expression.ts';

interface Filter {
  readonly trashed: number;
  readonly kinds: number;
  readonly starred: number | null;
  readonly match: string | null;
}
type PageParameters = Filter & PageCursor & { readonly limit: number };

const FILTER = 'trashed = @trashed AND (@kinds = 0 OR kind & @kinds) AND (@starred IS NULL OR starred = @starred)';
const MATCHES = `${FILTER} AND seq IN (SELECT rowid FROM search WHERE search MATCH @match)`;
const EMPTY_PAGE: LibraryPage = { items: [], total: 0, next: null };

/**
 * Lists items newest first, page by page. Pages continue after the last item seen, not at an offset, so that items
 * which arrive in between are neither shown twice nor push others out. Throws StudioError bad-request on a false `after`.
 */
export function prepareItemQuery(database: Database.Database): (query: LibraryQuery) => LibraryPage {
  const count = (where: string): Database.Statement<[Filter], number> =>
    database.prepare<[Filter], number>(`SELECT count(*) FROM items WHERE ${where}`).pluck();
  const list = (where: string): Database.Statement<[PageParameters], [string, number, string]> =>
    database
      .prepare<[PageParameters], [string, number, string]>(
        `SELECT json, created_ms, id FROM items JOIN listings USING (seq)
         WHERE ${where} AND (created_ms, id) < (@createdMs, @id) ORDER BY created_ms DESC, id DESC LIMIT @limit`,
      )
      .raw();
  const all = { count: count(FILTER), list: list(FILTER) };
  const matching = { count: count(MATCHES), list: list(MATCHES) };

  return (query) => {
    const after = parsePageCursor(query.after);
    const match = toSearchExpression(query.text);
    // Text without a single word to look for, such as "?!", is in no item; only no text at all lists everything.
    if (match === null && query.text.trim() !== '') return EMPTY_PAGE;
    const kinds = query.kinds.reduce((bits, kind) => bits | KIND_BITS[kind], 0);
    const starred = query.starred === undefined ? null : Number(query.starred);
    const filter: Filter = { trashed: Number(query.trashed), kinds, starred, match };
    const statements = match === null ? all : matching;
    // One more than asked for tells whether there is a next page.
    const rows = statements.list.all({ ...filter, ...after, limit: query.limit + 1 });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map(([json]) => readListedItem(json)),
      total: statements.count.get(filter) ?? 0,
      next: rows.length > page.length && last ? formatPageCursor({ createdMs: last[1], id: last[2] }) : null,
    };
  };
}
