import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

const CHUNK_BYTES = 1 << 20;

/** Lower-case hexadecimal sha256. Gives way between chunks, so that a large picture does not hold up the host. */
export async function hashBytes(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    hash.update(bytes.subarray(start, start + CHUNK_BYTES));
    if (start + CHUNK_BYTES < bytes.length) await setImmediate();
  }
  return hash.digest('hex');
}
