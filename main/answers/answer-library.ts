import { takeForAnyTransfer } from '../transfers/take-for-transfer.ts';
import { readBrought, takeDrawnElsewhere } from '../work/take-drawn-elsewhere.ts';
import type { ContractImplementation } from './implement-contract.ts';
import type { StudioServices } from './studio-services.ts';

/** The library's part of the contract. */
export function answerLibrary(methods: ContractImplementation['library'], services: StudioServices) {
  const { library, similarity, queue, transfers } = services;
  const findNeeded = (keepReadings: readonly string[]) => () =>
    new Set([...queue.listHashes(), ...transfers.listHashes(), ...keepReadings]);
  return {
    query: methods.query.handler(({ input }) => library.queryItems(input)),
    get: methods.get.handler(({ input }) => library.getItem(input.itemId)),
    lineage: methods.lineage.handler(({ input }) => library.getLineage(input.itemId)),
    update: methods.update.handler(({ input: { itemId, ...change } }) => library.updateItem(itemId, change)),
    rows: methods.rows.handler(({ input }) => library.queryRows(input)),
    ids: methods.ids.handler(({ input }) => library.queryIds(input)),
    members: methods.members.handler(({ input }) => library.listMembers(input)),
    similar: methods.similar.handler(({ input }) => similarity.find(input)),
    overview: methods.overview.handler(() => library.overview()),
    updateMany: methods.updateMany.handler(async ({ input }) => ({ itemIds: await library.updateItems(input) })),
    deleteForGood: methods.deleteForGood.handler(async ({ input }) => ({
      itemIds: await library.deleteItems(input.itemIds, findNeeded(input.keepReadings)),
    })),
    emptyTrash: methods.emptyTrash.handler(async ({ input }) => ({
      itemIds: await library.emptyTrash(findNeeded(input.keepReadings)),
    })),
    createBoard: methods.createBoard.handler(({ input }) => library.createBoard(input.name)),
    updateBoard: methods.updateBoard.handler(({ input: { boardId, ...change } }) => library.updateBoard(boardId, change)),
    takeDrawn: methods.takeDrawn.handler(async ({ input, signal = new AbortController().signal }) => {
      const brought = await readBrought(services, input, signal);
      const taken = input.promptItemId === undefined ? await takeForAnyTransfer(services, brought, input.cut, signal) : null;
      return taken ?? takeDrawnElsewhere(services, brought, input, signal);
    }),
    rebuild: methods.rebuild.handler(async () => {
      const { items, problems } = await library.rebuildIndex();
      return { items, problems: [...problems] };
    }),
  };
}
