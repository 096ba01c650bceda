import type { LibraryFilter } from '../../../contract/library.ts';
import { KIND_BITS } from './index-schema.ts';
import { toSearchExpression } from './to-search-expression.ts';

/** A condition on the `items` table, with the values it names. */
export interface ItemCondition {
  readonly where: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** The filter as SQL. Null when nothing can fit: text without a single word to look for, such as "?!", is in no item. */
export function composeFilter(filter: LibraryFilter): ItemCondition | null {
  const match = toSearchExpression(filter.text);
  if (match === null && filter.text.trim() !== '') return null;
  const parts: (readonly [sql: string, value: string | number | null | undefined])[] = [
    ['trashed = @trashed', Number(filter.trashed)],
    ['kind & @kinds', filter.kinds.reduce((bits, kind) => bits | KIND_BITS[kind], 0) || null],
    ['starred = @starred', filter.starred === undefined ? null : Number(filter.starred)],
    ['pack_id = @pack', filter.packId],
    ['created_ms >= @from', filter.createdFromMs],
    ['created_ms < @before', filter.createdBeforeMs],
    ['stack = (SELECT number FROM stacks WHERE stacks.id = @stack)', filter.stackId],
    ['seq IN (SELECT seq FROM board_items WHERE board = @board)', filter.boardId],
    ['seq IN (SELECT rowid FROM search WHERE search MATCH @match)', match],
  ];
  const given = parts.flatMap(([sql, value]) => (value === null || value === undefined ? [] : [{ sql, value }]));
  return {
    where: given.map(({ sql }) => sql).join(' AND '),
    values: Object.fromEntries(given.map(({ sql, value }) => [/@(\w+)/.exec(sql)?.[1] ?? '', value])),
  };
}
