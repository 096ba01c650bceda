/** Most tokens of a text that is begun with: a few words that one reads at a glance and can add to. */
const startMost = 20;

/**
 * The number of tokens that pictures are read at where nobody has said another.
 *
 * @param lengths numbers of tokens the pack reads pictures at, the shortest first
 * @param lastUsed the one last worked with; null before there was one
 * @returns the last one where the pack has it, else the longest that is still short, else the shortest
 */
export function startLength(lengths: readonly number[], lastUsed: number | null): number {
  if (lastUsed !== null && lengths.includes(lastUsed)) return lastUsed;
  return lengths.findLast((length) => length <= startMost) ?? lengths[0] ?? startMost;
}
