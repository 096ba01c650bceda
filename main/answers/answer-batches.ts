import { loadClipTokenizer } from '../tokenizer/load-clip-tokenizer.ts';
import type { ContractImplementation } from './implement-contract.ts';
import type { StudioServices } from './studio-services.ts';
import { BatchCollections } from '../batches/batch-collections.ts';
import { writeBatchTable } from '../batches/write-batch-table.ts';

/** Batches: folders of pictures that are read, and drawn when asked for, one after the other. */
export function answerBatches({ batches: methods }: ContractImplementation, services: StudioServices) {
  const { batchActions: actions, batches: list, library, defaultPackId } = services;
  const collections = new BatchCollections(list, library);
  return {
    list: methods.list.handler(() => actions.list()),
    get: methods.get.handler(({ input }) => actions.get(input.batchId)),
    create: methods.create.handler(async ({ input: { name, settings } }) => {
      // Fixed now: another default later shall not divide a batch between two packs.
      const batch = actions.create(name, { ...settings, packId: settings.packId ?? defaultPackId() });
      await collections.open(batch.id);
      return batch;
    }),
    update: methods.update.handler(async ({ input }) => {
      const batch = actions.rename(input.batchId, input.name);
      await collections.rename(input.batchId, input.name);
      return batch;
    }),
    add: methods.add.handler(async ({ input: { batchId, files } }) => {
      const batch = actions.add(batchId, files);
      await collections.addPictures(
        batchId,
        files.flatMap(({ sha256 }) => sha256 ?? []),
      );
      return batch;
    }),
    collect: methods.collect.handler(({ input }) => collections.collect(input.batchId)),
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
