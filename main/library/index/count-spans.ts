/**
 * How many of these times lie in each span that the moments divide time into: since the first, between it and the second …, and
 * before the last.
 *
 * @param moments Milliseconds, latest first
 * @returns One number more than there are moments; empty without moments
 */
export function countSpans(moments: readonly number[], timesMs: readonly number[]): number[] {
  if (moments.length === 0) return [];
  const counts = Array.from({ length: moments.length + 1 }, () => 0);
  for (const timeMs of timesMs) {
    const span = spanOf(moments, timeMs);
    counts[span] = (counts[span] ?? 0) + 1;
  }
  return counts;
}

/** The place of the first moment that is not later than a time, found by halving. */
function spanOf(moments: readonly number[], timeMs: number): number {
  let [from, to] = [0, moments.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((moments[middle] ?? 0) > timeMs) from = middle + 1;
    else to = middle;
  }
  return from;
}
