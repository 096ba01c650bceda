import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import { sumSingularValues } from './singular-values.ts';

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** The mean of vectors, and the vectors without it over √(n − 1): their product with themselves is the covariance. */
function centre(vectors: readonly Float32Array[]): { readonly mean: Float64Array; readonly rows: readonly Float64Array[] } {
  const mean = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) vector.forEach((value, at) => (mean[at] = (mean[at] ?? 0) + value / vectors.length));
  const scale = 1 / Math.sqrt(vectors.length - 1);
  return { mean, rows: vectors.map((vector) => Float64Array.from(vector, (value, at) => (value - (mean[at] ?? 0)) * scale)) };
}

const transpose = (rows: readonly Float64Array[]): Float64Array[] =>
  Array.from({ length: rows[0]?.length ?? 0 }, (_, at) => Float64Array.from(rows, (row) => row[at] ?? 0));

/**
 * As many rows as they are long, with the same product with themselves: R of X = QR, by Gram and Schmidt's way. Fewer rows stay as they are.
 */
async function shorten(rows: readonly Float64Array[]): Promise<readonly Float64Array[]> {
  const length = rows[0]?.length ?? 0;
  if (rows.length <= length) return rows;
  const columns = transpose(rows);
  const short: Float64Array[] = [];
  for (const [at, column] of columns.entries()) {
    const norm = Math.sqrt(dot(column, column));
    const row = new Float64Array(length);
    short.push(row);
    row[at] = norm;
    if (norm === 0) continue;
    for (let later = at + 1; later < length; later += 1) {
      const other = columns[later];
      if (other === undefined) break;
      const share = dot(column, other) / norm;
      row[later] = share;
      for (let place = 0; place < column.length; place += 1)
        other[place] = (other[place] ?? 0) - (share * (column[place] ?? 0)) / norm;
    }
    await yieldToEventLoop();
  }
  return short;
}

/**
 * Fréchet distance between two sets of vectors, each taken as a normal distribution (Heusel et al. 2017, eq. 6):
 * |μ₁ − μ₂|² + tr(C₁ + C₂ − 2 (C₁C₂)^½). With C = XᵀX the last trace is the sum of the singular values of X₁X₂ᵀ, so no root of a matrix is
 * taken, and sets that have fewer vectors than numbers are no exception.
 *
 * @param first at least two, all of one length; as `second`
 * @returns 0 or more
 */
export async function frechetDistance(first: readonly Float32Array[], second: readonly Float32Array[]): Promise<number> {
  if (first.length < 2 || second.length < 2) throw new Error('a covariance of fewer than two vectors');
  const [a, b] = [centre(first), centre(second)];
  if (a.mean.length !== b.mean.length) throw new Error(`vectors of ${a.mean.length} and of ${b.mean.length} numbers`);
  const apart = a.mean.reduce((sum, value, at) => sum + (value - (b.mean[at] ?? 0)) ** 2, 0);
  const spread = [...a.rows, ...b.rows].reduce((sum, row) => sum + dot(row, row), 0);
  const [rowsA, rowsB] = [await shorten(a.rows), await shorten(b.rows)];
  const product: Float64Array[] = [];
  for (const row of rowsB) {
    product.push(Float64Array.from(rowsA, (other) => dot(other, row)));
    await yieldToEventLoop();
  }
  const shared = await sumSingularValues(rowsB.length > rowsA.length ? transpose(product) : product);
  return Math.max(0, apart + spread - 2 * shared);
}
