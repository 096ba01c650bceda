import { z } from 'zod';
import type { LocalMessage } from './local-orders.ts';

export type Send = (message: LocalMessage) => Promise<void>;

const send: Send = (message) =>
  new Promise((resolve) => {
    process.send?.(message, () => resolve());
  });

/** The life of a process that writes one answer: it takes one order, says what comes of it and ends, also when whoever started it is gone. */
export function answerOnce<Order>(schema: z.ZodType<Order>, write: (order: Order, send: Send) => Promise<void>): void {
  const answer = async (message: unknown): Promise<void> => {
    const order = schema.safeParse(message);
    // It is started from the same source as whoever sends: this is a fault, and the end of the process tells it.
    if (!order.success) throw new TypeError(z.prettifyError(order.error));
    try {
      await write(order.data, send);
    } catch (error) {
      await send({ type: 'failed', reason: error instanceof Error ? error.message : String(error) });
    }
    process.exit(0);
  };
  process.once('message', (message) => void answer(message));
  process.once('disconnect', () => process.exit(0));
}
