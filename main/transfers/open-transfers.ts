import { join } from 'node:path';
import type { ClosingList } from '../services/closing-list.ts';
import type { EventHub } from '../services/event-hub.ts';
import { IN_MEMORY } from '../storage/open-database.ts';
import { Transfers } from './transfers.ts';
import type { TransferWorkOptions } from './transfer-work.ts';
import { TransferStore } from './transfer-store.ts';

/**
 * What is stored of transfers. It is opened before the queue and closes after it, which may still end with a picture.
 *
 * @param folder Where the file lies; null keeps it in memory, for a studio that writes nothing.
 */
export function openTransferStore(
  folder: string | null,
  clock: () => number,
  closing: ClosingList,
  tellRepair: (sentence: string) => void,
): TransferStore {
  const store = new TransferStore({ file: folder === null ? IN_MEMORY : join(folder, 'transfers.sqlite'), clock });
  closing.add(() => store.close());
  for (const problem of store.problems) tellRepair(problem);
  return store;
}

/** Transfers take up what an earlier start left, and are told to the readers of the stream. */
export function openTransfers(
  parts: Omit<TransferWorkOptions, 'announcer'>,
  events: Pick<EventHub, 'publish'>,
  closing: ClosingList,
): Transfers {
  const transfers = new Transfers(parts);
  closing.add(() => transfers.close());
  transfers.subscribe((transferId) => events.publish({ type: 'transfer-changed', transferId }));
  return transfers;
}
