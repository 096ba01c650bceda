import { AsyncLocalStorage } from 'node:async_hooks';

/** How long one order has been worked on; waiting for others does not count. */
export class WorkClock {
  #beganMs = performance.now();

  get workedMs(): number {
    return performance.now() - this.#beganMs;
  }

  restart(): void {
    this.#beganMs = performance.now();
  }
}

/** The clock of the order that the running code belongs to. */
export const workClock = new AsyncLocalStorage<WorkClock>();

/** Decoded side by side at most, all together. Cameras make 12 to 60 million; one that is larger waits until no other large one is. */
const mostPixels = 64_000_000;
/** What is smaller needs no turn: a page of small pictures does not wait for a large one. */
const smallPixels = 4_000_000;

interface Waiting {
  readonly pixels: number;
  readonly begin: () => void;
}

let inWork = 0;
const waiting: Waiting[] = [];

/** Does the part of an order that holds a whole picture in memory, when there is room beside the others. */
export async function inPixelTurn<T>(pixels: number, work: () => Promise<T>): Promise<T> {
  if (pixels <= smallPixels) return work();
  const clock = workClock.getStore();
  if (waiting.length > 0 || !hasRoom(pixels)) await new Promise<void>((begin) => waiting.push({ pixels, begin }));
  else inWork += pixels;
  clock?.restart();
  try {
    return await work();
  } finally {
    inWork -= pixels;
    beginNext();
  }
}

function hasRoom(pixels: number): boolean {
  return inWork === 0 || inWork + pixels <= mostPixels;
}

function beginNext(): void {
  for (let next = waiting[0]; next !== undefined && hasRoom(next.pixels); next = waiting[0]) {
    waiting.shift();
    inWork += next.pixels;
    next.begin();
  }
}
