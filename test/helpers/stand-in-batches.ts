import { implement } from '@orpc/server';
import { contract } from '../../contract/methods.ts';
import { StudioError } from '../../contract/errors.ts';

function absent(): never {
  throw new StudioError('not-found', 'The stand-in has no batches.', 'Test them with a real core.');
}

/** A stand-in core has no batch: what the page does with batches is tested with a real core. */
export function answerNoBatches() {
  const { batches } = implement(contract).$context<object>();
  return {
    list: batches.list.handler(() => []),
    get: batches.get.handler(absent),
    create: batches.create.handler(absent),
    update: batches.update.handler(absent),
    add: batches.add.handler(absent),
    rows: batches.rows.handler(absent),
    pause: batches.pause.handler(absent),
    resume: batches.resume.handler(absent),
    cancel: batches.cancel.handler(absent),
    retry: batches.retry.handler(absent),
    reorder: batches.reorder.handler(absent),
    reorderRows: batches.reorderRows.handler(absent),
    removeRows: batches.removeRows.handler(absent),
    remove: batches.remove.handler(absent),
    export: batches.export.handler(absent),
  };
}
