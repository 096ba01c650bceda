import { randomFillSync } from 'node:crypto';

const random = new Uint8Array(10);
let lastMs = -1;
let counter = 0;

/**
 * A UUID of version 7 (RFC 9562, section 5.7): sorts by time of creation, and in the order of calls within one process
 * because the 12 bits after the time count up while the time does not move forward.
 *
 * @param nowMs Milliseconds since the epoch.
 */
export function createId(nowMs: number): string {
  randomFillSync(random);
  if (nowMs > lastMs) {
    lastMs = nowMs;
    // The top bit stays free, so that many ids of one millisecond fit before the count overflows.
    counter = (((random[0] ?? 0) << 8) | (random[1] ?? 0)) & 0x7ff;
  } else if (counter < 0xfff) {
    counter += 1;
  } else {
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  const variant = (0x80 | ((random[2] ?? 0) & 0x3f)).toString(16);
  const tail = Buffer.from(random.subarray(3, 10)).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`;
}

/** The largest time an id has room for, in the year 10889. */
const LATEST_MS = 2 ** 48 - 1;

/**
 * A clock whose times can be stored: whole milliseconds from 1970 on. A machine whose clock lost its battery may stand before that,
 * and the studio works there too; everything is then as old as the epoch.
 */
export function toSaneClock(clock: () => number): () => number {
  return () => Math.min(Math.max(Math.trunc(clock()) || 0, 0), LATEST_MS);
}
