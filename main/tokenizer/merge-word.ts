/** Rank of a pair of symbols, joined by a space; lower merges first. */
export type MergeRanks = ReadonlyMap<string, number>;

/** Positions fit below this in one number with their rank: 2^20 ranks × 2^32 positions are exact in a double. */
const positionLimit = 2 ** 32;

/**
 * Byte-pair encoding of one word (Sennrich et al. 2016): merges the adjacent pair of lowest rank, leftmost first, until none has a
 * rank. A heap of pairs over a linked list of symbols takes O(n log n), so that a "word" of 100,000 characters costs little.
 */
export function mergeWord(characters: readonly string[], ranks: MergeRanks): string[] {
  const symbols: (string | null)[] = [...characters];
  const previous = symbols.map((_, index) => index - 1);
  const next = symbols.map((_, index) => index + 1);
  const heap: number[] = [];
  const rankAt = (position: number): number | undefined => {
    const symbol = symbols[position];
    const following = symbols[next[position] ?? symbols.length];
    return symbol == null || following == null ? undefined : ranks.get(`${symbol} ${following}`);
  };
  const propose = (position: number): void => {
    const rank = rankAt(position);
    if (rank !== undefined) pushToHeap(heap, rank * positionLimit + position);
  };
  for (let position = 0; position < symbols.length; position += 1) propose(position);
  for (let entry = popFromHeap(heap); entry !== undefined; entry = popFromHeap(heap)) {
    const position = entry % positionLimit;
    // A neighbour's merge may have changed or removed the pair since it was proposed.
    if (rankAt(position) !== Math.floor(entry / positionLimit)) continue;
    const merged = next[position] ?? symbols.length;
    symbols[position] = `${symbols[position] ?? ''}${symbols[merged] ?? ''}`;
    symbols[merged] = null;
    const following = next[merged] ?? symbols.length;
    next[position] = following;
    if (following < symbols.length) previous[following] = position;
    propose(position);
    const before = previous[position] ?? -1;
    if (before >= 0) propose(before);
  }
  return symbols.filter((symbol) => symbol !== null);
}

function pushToHeap(heap: number[], entry: number): void {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent] ?? 0;
    if (above <= entry) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

function popFromHeap(heap: number[]): number | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return top;
  let index = 0;
  for (let child = 1; child < heap.length; child = 2 * index + 1) {
    const right = heap[child + 1];
    if (right !== undefined && right < (heap[child] ?? 0)) child += 1;
    const below = heap[child] ?? 0;
    if (below >= last) break;
    heap[index] = below;
    index = child;
  }
  heap[index] = last;
  return top;
}
