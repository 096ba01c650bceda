export interface RowShape {
  /** Ids of a row, all of them counted. */
  readonly length: number;
  /** Begins every row; null where a model has no such token. */
  readonly beginId: number | null;
  readonly endId: number;
  readonly padId: number;
}

/**
 * Texts as graphs take them, int64 [texts, length] flattened: begin, the ids that fit, end, padding. Written as halves of 32 bits and into one array,
 * because a search asks about thousands of texts a second, and a BigInt for each of their tokens takes longer than the search itself.
 *
 * @param texts ids from 0 to 2³¹ − 1
 */
export function fillRows(texts: readonly (readonly number[])[], { length, beginId, endId, padId }: RowShape): BigInt64Array {
  const rows = new BigInt64Array(texts.length * length);
  const halves = new Int32Array(rows.buffer);
  const first = beginId === null ? 0 : 1;
  for (const [row, ids] of texts.entries()) {
    const start = row * length;
    const end = Math.min(ids.length + first, length - 1);
    for (let at = 0; at < length; at += 1) {
      const own = at < first ? (beginId ?? padId) : (ids[at - first] ?? padId);
      halves[2 * (start + at) + LOW] = at < end ? own : at === end ? endId : padId;
    }
  }
  return rows;
}

/** Texts of exact tokens: rows of `length` ids flattened, −1 after the last of a shorter one. */
export interface TokenRows {
  readonly length: number;
  readonly tokenIds: Int32Array;
}

/** The same of rows that lie in one array already. */
export function fillTokenRows(
  { length: own, tokenIds }: TokenRows,
  { length, beginId, endId, padId }: RowShape & { readonly beginId: number },
): BigInt64Array {
  const count = tokenIds.length / own;
  const rows = new BigInt64Array(count * length);
  const halves = new Int32Array(rows.buffer);
  for (let row = 0; row < count; row += 1) {
    const start = row * length;
    halves[2 * start + LOW] = beginId;
    let at = 1;
    for (; at <= own && at < length - 1; at += 1) {
      const id = tokenIds[row * own + at - 1] ?? -1;
      if (id < 0) break;
      halves[2 * (start + at) + LOW] = id;
    }
    halves[2 * (start + at) + LOW] = endId;
    for (at += 1; at < length; at += 1) halves[2 * (start + at) + LOW] = padId;
  }
  return rows;
}

/** Which half of an int64 is the low one on this machine. */
const LOW = new Int32Array(BigInt64Array.of(1n).buffer)[0] === 1 ? 0 : 1;
