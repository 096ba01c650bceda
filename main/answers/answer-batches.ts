import { loadClipTokenizer } from '../tokenizer/load-clip-tokenizer.ts';
import type { ContractImplementation } from './implement-contract.ts';
import type { StudioServices } from './studio-services.ts';
import { writeBatchTable } from '../batches/write-batch-table.ts';

/** Batches: folders of pictures that are read, and drawn when asked for, one after the other. */
export function answerBatches({ batches: methods }: ContractImplementation, services: StudioServices) {
  const { batchActions: actions, batches: list, library, defaultPackId } = services;
  return {
    list: methods.list.handler(() => actions.list()),
    get: methods.get.handler(({ input }) => actions.get(input.batchId)),
    create: methods.create.handler(({ input: { name, settings } }) =>
      // Fixed now: another default later shall not divide a batch between two packs.
      actions.create(name, { ...settings, packId: settings.packId ?? defaultPackId() }),
    ),
    update: methods.update.handler(({ input }) => actions.rename(input.batchId, input.name)),
    add: methods.add.handler(({ input }) => actions.add(input.batchId, input.files)),
    rows: methods.rows.handler(({ input }) => actions.rows(input)),
    pause: methods.pause.handler(({ input }) => actions.pause(input.batchId)),
    resume: methods.resume.handler(({ input }) => actions.resume(input.batchId)),
    cancel: methods.cancel.handler(({ input }) => actions.cancel(input.batchId, input.rowIds)),
    retry: methods.retry.handler(({ input }) => actions.retry(input.batchId, input.rowIds)),
    reorder: methods.reorder.handler(({ input }) => actions.move(input.batchId, input.beforeId)),
    reorderRows: methods.reorderRows.handler(({ input }) => actions.moveRows(input.batchId, input.rowIds, input.beforeId)),
    removeRows: methods.removeRows.handler(({ input }) => actions.removeRows(input.batchId, input.rowIds)),
    remove: methods.remove.handler(async ({ input }) => {
      await actions.remove(input.batchId);
      return actions.list();
    }),
    export: methods.export.handler(async function* ({ input: { batchId, format, target } }) {
      yield* writeBatchTable(list, library, batchId, { format, target, tokenizer: await loadClipTokenizer() });
    }),
  };
}
