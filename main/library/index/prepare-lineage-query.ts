import type Database from 'better-sqlite3';
import type { LibraryItem, Lineage } from '../../../contract/library.ts';
import { readListedItem } from './read-listed-item.ts';

/** UNION, not UNION ALL: an item met twice is not followed twice, so even parents that form a ring come to an end. */
function relatives(from: 'child' | 'parent', to: 'child' | 'parent'): string {
  return `WITH RECURSIVE kin (id) AS (
      SELECT ${to} FROM parents WHERE ${from} = @id
      UNION SELECT parents.${to} FROM kin JOIN parents ON parents.${from} = kin.id
    )
    SELECT json FROM kin JOIN items USING (id) JOIN listings USING (seq) WHERE id <> @id ORDER BY created_ms, id`;
}

/** Everything an item was made from and everything made from it, each oldest first; parents the library lacks are passed over. */
export function prepareLineageQuery(database: Database.Database): (item: LibraryItem) => Lineage {
  const ancestors = database.prepare<[{ id: string }], string>(relatives('child', 'parent')).pluck();
  const descendants = database.prepare<[{ id: string }], string>(relatives('parent', 'child')).pluck();
  return (item) => ({
    item,
    ancestors: ancestors.all({ id: item.id }).map(readListedItem),
    descendants: descendants.all({ id: item.id }).map(readListedItem),
  });
}
