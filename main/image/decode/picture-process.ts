import { writeFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';
import sharp from 'sharp';
import { z } from 'zod';
import { pictureCommandSchema } from '../picture-orders.ts';
import type { PictureMessage } from '../picture-orders.ts';
import { PictureWorker } from './picture-worker.ts';

/**
 * The picture process: the one place where bytes of pictures reach a decoder. It has no database, no secret and nothing to lose:
 * what a picture does to it ends here. Started by main/image/start-picture-process.ts, which names its limits.
 */

// Several pictures are read side by side, one thread each, and none is read twice.
sharp.concurrency(1);
sharp.cache(false);
preferToEndFirst();

const limits = z.tuple([z.coerce.number(), z.coerce.number(), z.enum(['stands-back', 'as-others'])]);
const [timeLimitMs, memoryLimitBytes, manner] = limits.parse(process.argv.slice(2));
if (manner === 'stands-back') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
const send = (message: PictureMessage): void => void process.send?.(message);
const worker = new PictureWorker({
  timeLimitMs,
  memoryLimitBytes,
  cancelGraceMs: 1000,
  send,
  end: (ending) => {
    process.send?.(ending, () => process.exit(0));
    // The host may be too busy to take the message, and what it is about goes on growing.
    setTimeout(() => process.exit(0), 200);
  },
});

process.on('message', (message) => {
  const command = pictureCommandSchema.safeParse(message);
  // It is started from the same source as whoever sends: this is a fault, and the end of the process tells it.
  if (!command.success) throw new TypeError(z.prettifyError(command.error));
  worker.receive(command.data);
});
// Whoever started it is gone, and with it perhaps the folder of the compile cache, into which a quiet end would write. Ctrl+C reaches
// the whole process group: the host decides what it means.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('SIGINT', () => undefined);
send({ type: 'ready' });
// Now, because its end is sudden.
flushCompileCache();

/** When the machine runs out of memory, Linux ends this process before any other. */
function preferToEndFirst(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch (cause) {
    // A container may have no such file, or forbid it; the limits above hold all the same.
    process.stderr.write(`oom_score_adj: ${cause instanceof Error ? cause.message : String(cause)}\n`);
  }
}
