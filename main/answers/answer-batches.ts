import { loadClipTokenizer } from '../tokenizer/load-clip-tokenizer.ts';
import type { ContractImplementation } from './implement-contract.ts';
import type { StudioServices } from './studio-services.ts';
import { writeBatchTable } from '../batches/write-batch-table.ts';

/** Batches: folders of pictures that are read, and drawn when asked for, one after the other. */
export function answerBatches({ batches: methods }: ContractImplementation, services: StudioServices) {
  const { batchDesk: desk, batches: book, library, defaultPackId } = services;
  return {
    list: methods.list.handler(() => desk.list()),
    get: methods.get.handler(({ input }) => desk.get(input.batchId)),
    create: methods.create.handler(({ input: { name, settings } }) =>
      // Fixed now: another default later shall not divide a batch between two packs.
      desk.create(name, { ...settings, packId: settings.packId ?? defaultPackId() }),
    ),
    update: methods.update.handler(({ input }) => desk.rename(input.batchId, input.name)),
    add: methods.add.handler(({ input }) => desk.add(input.batchId, input.files)),
    rows: methods.rows.handler(({ input }) => desk.rows(input)),
    pause: methods.pause.handler(({ input }) => desk.pause(input.batchId)),
    resume: methods.resume.handler(({ input }) => desk.resume(input.batchId)),
    cancel: methods.cancel.handler(({ input }) => desk.cancel(input.batchId, input.rowIds)),
    retry: methods.retry.handler(({ input }) => desk.retry(input.batchId, input.rowIds)),
    reorder: methods.reorder.handler(({ input }) => desk.move(input.batchId, input.beforeId)),
    reorderRows: methods.reorderRows.handler(({ input }) => desk.moveRows(input.batchId, input.rowIds, input.beforeId)),
    removeRows: methods.removeRows.handler(({ input }) => desk.removeRows(input.batchId, input.rowIds)),
    remove: methods.remove.handler(async ({ input }) => {
      await desk.remove(input.batchId);
      return desk.list();
    }),
    export: methods.export.handler(async function* ({ input: { batchId, format, target } }) {
      yield* writeBatchTable(book, library, batchId, { format, target, tokenizer: await loadClipTokenizer() });
    }),
  };
}
