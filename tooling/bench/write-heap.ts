import { appendFileSync } from 'node:fs';

/** Loaded into a program before its own code: writes down what it holds in memory, in bytes, five times a second. Not in the processes it forks. */
const file = process.env['BENCH_HEAP_FILE'];
if (file !== undefined && process.send === undefined) {
  const write = (): void => {
    const { heapUsed, external } = process.memoryUsage();
    appendFileSync(file, `${heapUsed + external}\n`);
  };
  setInterval(write, 200).unref();
}
