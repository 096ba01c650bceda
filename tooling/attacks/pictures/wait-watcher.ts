import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

/**
 * A process of its own, so that what it measures is not the attacker's doing: asks the address it is started with again and again,
 * and beside it a server that does nothing else, whose longest wait is what this machine's other work costs. Says both when it is
 * told to stop.
 */
const everyMs = 20;

function ask(address: string): Promise<number> {
  const startMs = performance.now();
  return new Promise((resolve, reject) => {
    request(address, { agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(performance.now() - startMs));
    })
      .once('error', reject)
      .end();
  });
}

async function watch(address: string): Promise<void> {
  const idle = new Worker(new URL(import.meta.url));
  const idleAddress = await new Promise<string>((resolve) => idle.once('message', resolve));
  const waits = { asked: 0, longestMs: 0, longestOfIdleMs: 0 };
  let isOver = false;
  process.once('message', () => (isOver = true));
  process.once('disconnect', () => process.exit());
  process.send?.('ready');
  while (!isOver) {
    const [ms, idleMs] = await Promise.all([ask(address), ask(idleAddress)]);
    waits.asked += 1;
    waits.longestMs = Math.max(waits.longestMs, Math.round(ms));
    waits.longestOfIdleMs = Math.max(waits.longestOfIdleMs, Math.round(idleMs));
    await wait(everyMs);
  }
  process.send?.(waits, () => process.exit());
}

if (isMainThread) await watch(process.argv[2] ?? '');
else {
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1', () =>
    parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
  );
}
