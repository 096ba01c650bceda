import { implement } from '@orpc/server';
import { StudioError } from '../../contract/errors.ts';
import type { LibraryItem } from '../../contract/library.ts';
import { contract } from '../../contract/methods.ts';
import type { StandInState } from './stand-in-state.ts';

function absent(): never {
  throw new StudioError('not-found', 'The stand-in has no such thing.', 'Test the library with a real core.');
}

/** The few items a stand-in core keeps: enough for the canvas. The library's screen is tested with a real core. */
export function answerFewItems(core: StandInState) {
  const { library } = implement(contract).$context<object>();
  const find = (itemId: string): LibraryItem => core.items.get(itemId) ?? absent();
  return {
    query: library.query.handler(() => ({ items: [...core.items.values()], total: core.items.size, next: null })),
    get: library.get.handler(({ input }) => find(input.itemId)),
    lineage: library.lineage.handler(({ input }) => ({
      item: find(input.itemId),
      ancestors: [],
      descendants: [...core.items.values()].filter((item) => item.kind === 'generation'),
    })),
    update: library.update.handler(({ input }) => find(input.itemId)),
    rows: library.rows.handler(absent),
    ids: library.ids.handler(absent),
    similar: library.similar.handler(absent),
    overview: library.overview.handler(absent),
    updateMany: library.updateMany.handler(absent),
    deleteForGood: library.deleteForGood.handler(absent),
    emptyTrash: library.emptyTrash.handler(absent),
    createBoard: library.createBoard.handler(absent),
    updateBoard: library.updateBoard.handler(absent),
    rebuild: library.rebuild.handler(() => ({ items: core.items.size, problems: [] })),
  };
}
