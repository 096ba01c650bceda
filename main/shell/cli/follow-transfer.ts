import type { StudioClient } from '../../../contract/methods.ts';
import type { Transfer } from '../../../contract/transfer.ts';
import type { CommandContext } from './command-context.ts';

/** All that is to be drawn is drawn or has failed, and what is drawn is compared or known why not. */
const hasEnded = ({ counts, cells }: Transfer): boolean =>
  counts.queued + counts.running === 0 &&
  cells.every(({ state, score, error }) => state !== 'done' || score !== null || error !== null);

function show({ cells, counts }: Transfer, { progress }: CommandContext): void {
  const done = cells.reduce(
    (sum, cell) => sum + (cell.state === 'queued' ? 0 : cell.state === 'running' ? (cell.progress?.fraction ?? 0) : 1),
    0,
  );
  const settled = cells.length - counts.queued - counts.running;
  const phase = counts.queued + counts.running === 0 ? ('scoring' as const) : ('denoising' as const);
  progress.show('', { fraction: done / cells.length, phase, step: settled, steps: cells.length, remainingMs: null });
}

/**
 * Waits for the end of a transfer and shows how it goes. When it is interrupted, what is not drawn yet is given up, and the same
 * command goes on there.
 *
 * @throws StudioError as the methods do; the signal's reason
 */
export async function followTransfer(client: StudioClient, transferId: string, context: CommandContext): Promise<Transfer> {
  const { signal, progress } = context;
  const events = await client.studio.events();
  const giveUp = (): void => void client.transfers.cancel({ transferId }).then(() => events.return());
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  progress.begin();
  try {
    for await (const event of events) {
      if (event.type !== 'hello' && (event.type !== 'transfer-changed' || event.transferId !== transferId)) continue;
      const transfer = await client.transfers.get({ transferId });
      if (signal.aborted) continue;
      if (hasEnded(transfer)) return transfer;
      show(transfer, context);
    }
    signal.throwIfAborted();
    throw new Error('the stream of events ended before the transfer');
  } finally {
    signal.removeEventListener('abort', giveUp);
    progress.clear();
    await events.return();
  }
}
