import { parentPort } from 'node:worker_threads';
import { StudioError } from '../../contract/errors.ts';
import { preprocessImage } from './preprocess-image.ts';
import type { PreprocessAnswer, PreprocessOrder } from './preprocess-thread.ts';

/**
 * As many as libuv has threads. With more, the first picture's last step would wait behind the first step of all the others,
 * and whoever needs the first picture waits for nearly all.
 */
const mostInWork = 4;
const waiting: PreprocessOrder[] = [];
let inWork = 0;

/** The thread behind PreprocessThread: each order is answered once, nearly in the order they came. */
parentPort?.on('message', (orders: readonly PreprocessOrder[]) => {
  waiting.push(...orders);
  work();
});

function work(): void {
  while (inWork < mostInWork) {
    const order = waiting.shift();
    if (!order) return;
    inWork += 1;
    void answer(order).then((answered) => {
      inWork -= 1;
      post(answered);
      work();
    });
  }
}

let unsent: PreprocessAnswer[] = [];

async function answer({ orderId, source, input, limits }: PreprocessOrder): Promise<PreprocessAnswer> {
  try {
    return { orderId, tensor: await preprocessImage(source, input, limits) };
  } catch (error) {
    if (error instanceof StudioError) return { orderId, error: error.toBody() };
    return { orderId, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function post(one: PreprocessAnswer): void {
  unsent.push(one);
  if (unsent.length === 1) setImmediate(send);
}

function send(): void {
  const buffers = unsent.flatMap((one) =>
    'tensor' in one && one.tensor.data.buffer instanceof ArrayBuffer ? [one.tensor.data.buffer] : [],
  );
  parentPort?.postMessage(unsent, buffers);
  unsent = [];
}
