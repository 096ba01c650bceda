import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';

/** So near to a right angle, as a cosine, two columns stand right on each other. */
const rightAngle = 1e-12;
const mostSweeps = 60;

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
function shorten(rows: readonly Float64Array[]): readonly Float64Array[] {
  const length = rows[0]?.length ?? 0;
  if (rows.length <= length) return rows;
  const columns = transpose(rows);
  return columns.map((column, at) => {
    const norm = Math.sqrt(dot(column, column));
    const row = new Float64Array(length);
    row[at] = norm;
    if (norm === 0) return row;
    for (let later = at + 1; later < length; later += 1) {
      const other = columns[later];
      if (other === undefined) break;
      const share = dot(column, other) / norm;
      row[later] = share;
      column.forEach((value, place) => (other[place] = (other[place] ?? 0) - (share * value) / norm));
    }
    return row;
  });
}

/** Turns two columns so that they stand right on each other; false where they do already. */
function turn(p: Float64Array, q: Float64Array): boolean {
  const [own, other, shared] = [dot(p, p), dot(q, q), dot(p, q)];
  if (Math.abs(shared) <= rightAngle * Math.sqrt(own * other)) return false;
  const half = (other - own) / (2 * shared);
  const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.sqrt(1 + half * half));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let at = 0; at < p.length; at += 1) {
    const [a, b] = [p[at] ?? 0, q[at] ?? 0];
    p[at] = cosine * a - sine * b;
    q[at] = sine * a + cosine * b;
  }
  return true;
}

/** The sum of the singular values of a matrix, given by its columns, which are turned by it: Jacobi's way from one side. */
async function sumSingularValues(columns: readonly Float64Array[]): Promise<number> {
  for (let sweep = 0; sweep < mostSweeps; sweep += 1) {
    let turned = false;
    for (const [at, column] of columns.entries()) {
      for (const other of columns.slice(at + 1)) turned = turn(column, other) || turned;
      await yieldToEventLoop();
    }
    if (!turned) break;
  }
  return columns.reduce((sum, column) => sum + Math.sqrt(dot(column, column)), 0);
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
  const [rowsA, rowsB] = [shorten(a.rows), shorten(b.rows)];
  const product = rowsB.map((row) => Float64Array.from(rowsA, (other) => dot(other, row)));
  const shared = await sumSingularValues(rowsB.length > rowsA.length ? transpose(product) : product);
  return Math.max(0, apart + spread - 2 * shared);
}
