import type { ItemKind } from '../../../contract/library.ts';
import { KIND_BITS } from './index-schema.ts';
import type { StatementCache } from './statement-cache.ts';

/** How many items there are of each sort; all but `trashed` leave out what is in the trash. */
export interface LibraryCounts {
  readonly items: number;
  readonly starred: number;
  readonly trashed: number;
  readonly kinds: Readonly<Record<ItemKind, number>>;
  readonly packs: readonly { readonly id: string; readonly items: number }[];
  /** By board id; boards without items are absent. */
  readonly boards: ReadonlyMap<string, number>;
}

export function countLibrary(statements: StatementCache): LibraryCounts {
  const groups = statements.rows('SELECT kind, starred, trashed, count(*) FROM items GROUP BY 1, 2, 3', {}) as [
    kind: number,
    starred: number,
    trashed: number,
    count: number,
  ][];
  const sum = (fits: (group: (typeof groups)[number]) => boolean) =>
    groups.filter(fits).reduce((total, [, , , count]) => total + count, 0);
  const ofKind = (wanted: ItemKind) => sum(([kind, , trashed]) => trashed === 0 && kind === KIND_BITS[wanted]);
  const packs = statements.rows(
    'SELECT pack_id, count(*) FROM items WHERE trashed = 0 AND pack_id IS NOT NULL GROUP BY 1 ORDER BY 1',
    {},
  ) as [string, number][];
  const boards = statements.rows(
    'SELECT board, count(*) FROM board_items JOIN items USING (seq) WHERE trashed = 0 GROUP BY 1',
    {},
  ) as [string, number][];
  return {
    items: sum(([, , trashed]) => trashed === 0),
    starred: sum(([, starred, trashed]) => starred === 1 && trashed === 0),
    trashed: sum(([, , trashed]) => trashed === 1),
    kinds: { picture: ofKind('picture'), prompt: ofKind('prompt'), generation: ofKind('generation') },
    packs: packs.map(([id, items]) => ({ id, items })),
    boards: new Map(boards),
  };
}
