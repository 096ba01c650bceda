import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';

/** What is so small beside the largest number of a matrix is nothing. */
const negligible = 1e-16;

/** Turns a vector onto its first axis (Householder): where it goes, and the mirror 1 − share · v vᵀ that takes it there. */
interface Mirror {
  /** What becomes of the first number; the others become 0. */
  readonly first: number;
  readonly share: number;
}

/** Changes `vector` from `start` on into the v of its mirror. */
function mirrorOf(vector: Float64Array, start: number): Mirror {
  let squares = 0;
  for (let at = start; at < vector.length; at += 1) squares += (vector[at] ?? 0) ** 2;
  if (squares === 0) return { first: 0, share: 0 };
  const head = vector[start] ?? 0;
  const first = head > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  vector[start] = head - first;
  return { first, share: 2 / (squares - head * head + (head - first) ** 2) };
}

/**
 * Both diagonals of the two that a matrix has left after mirrors from both sides (Golub and Kahan 1965), in turn: the off-diagonal of a symmetric
 * matrix of three diagonals whose middle is 0, and whose eigenvalues are the singular values and their negatives.
 *
 * @param columns changed by it; no more columns than rows
 */
async function reduce(columns: readonly Float64Array[]): Promise<Float64Array> {
  const rows = columns[0]?.length ?? 0;
  const off = new Float64Array(Math.max(0, 2 * columns.length - 1));
  const sums = new Float64Array(rows);
  for (const [k, column] of columns.entries()) {
    const { first, share } = mirrorOf(column, k);
    off[2 * k] = first;
    const later = columns.slice(k + 1);
    for (const other of later) {
      let dot = 0;
      for (let at = k; at < rows; at += 1) dot += (column[at] ?? 0) * (other[at] ?? 0);
      for (let at = k; at < rows; at += 1) other[at] = (other[at] ?? 0) - share * dot * (column[at] ?? 0);
    }
    const row = Float64Array.from(later, (other) => other[k] ?? 0);
    if (row.length > 0) {
      const right = mirrorOf(row, 0);
      off[2 * k + 1] = right.first;
      sums.fill(0);
      for (const [j, other] of later.entries()) {
        const weight = row[j] ?? 0;
        for (let at = k + 1; at < rows; at += 1) sums[at] = (sums[at] ?? 0) + weight * (other[at] ?? 0);
      }
      for (const [j, other] of later.entries()) {
        const weight = right.share * (row[j] ?? 0);
        for (let at = k + 1; at < rows; at += 1) other[at] = (other[at] ?? 0) - weight * (sums[at] ?? 0);
      }
    }
    await yieldToEventLoop();
  }
  return off;
}

/** Eigenvalues of a symmetric matrix of three diagonals, by implicit shifts (Martin and Wilkinson 1968, imtql1). Both are changed by it. */
function findEigenvalues(middle: Float64Array, off: Float64Array): Float64Array {
  const limit = negligible * off.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const at = (values: Float64Array, place: number): number => values[place] ?? 0;
  for (let low = 0; low < middle.length; low += 1) {
    for (;;) {
      let high = low;
      while (high < middle.length - 1 && Math.abs(at(off, high)) > limit) high += 1;
      if (high === low) break;
      const slope = (at(middle, low + 1) - at(middle, low)) / (2 * at(off, low));
      const root = Math.sqrt(slope * slope + 1);
      let g = at(middle, high) - at(middle, low) + at(off, low) / (slope + (slope < 0 ? -root : root));
      let [sine, cosine, shift] = [1, 1, 0];
      let place = high - 1;
      for (; place >= low; place -= 1) {
        const [f, b] = [sine * at(off, place), cosine * at(off, place)];
        const length = Math.sqrt(f * f + g * g);
        if (place + 1 < off.length) off[place + 1] = length;
        if (length === 0) break;
        [sine, cosine] = [f / length, g / length];
        g = at(middle, place + 1) - shift;
        const turned = (at(middle, place) - g) * sine + 2 * cosine * b;
        shift = sine * turned;
        middle[place + 1] = g + shift;
        g = cosine * turned - b;
      }
      if (place >= low) middle[place + 1] = at(middle, place + 1) - shift;
      else {
        middle[low] = at(middle, low) - shift;
        off[low] = g;
      }
      if (high < off.length) off[high] = 0;
    }
  }
  return middle;
}

/**
 * The sum of the singular values of a matrix.
 * @param columns no more than they are long; changed by it
 */
export async function sumSingularValues(columns: readonly Float64Array[]): Promise<number> {
  const off = await reduce(columns);
  const eigenvalues = findEigenvalues(new Float64Array(2 * columns.length), off);
  return eigenvalues.reduce((sum, value) => sum + Math.abs(value), 0) / 2;
}
