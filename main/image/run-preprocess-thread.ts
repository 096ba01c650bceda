import { parentPort } from 'node:worker_threads';
import { StudioError } from '../../contract/errors.ts';
import { preprocessImage } from './preprocess-image.ts';
import type { PreprocessAnswer, PreprocessOrder } from './preprocess-thread.ts';

/** The thread behind PreprocessThread: each order is answered once, in any order. */
parentPort?.on('message', (orders: readonly PreprocessOrder[]) => {
  for (const order of orders) void answer(order).then(post);
});

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
