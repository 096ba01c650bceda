/** The largest time an id has room for, in the year 10889. */
const LATEST_MS = 2 ** 48 - 1;

/**
 * A clock whose times can be stored: whole milliseconds from 1970 on. A machine whose clock lost its battery may stand before that,
 * and the studio works there too; everything is then as old as the epoch.
 */
export function toSaneClock(clock: () => number): () => number {
  return () => Math.min(Math.max(Math.trunc(clock()) || 0, 0), LATEST_MS);
}
