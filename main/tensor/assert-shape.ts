import type { DType, Tensor } from './tensor.ts';

/** Number of elements of a shape; a scalar has one. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * Says where a tensor is not what the next stage takes, at the stage that made it.
 * `expected` has one entry an axis; null accepts any size. Throws a plain Error: a wrong shape is our fault. What graphs
 * answer is looked at by graph-fault.ts.
 */
export function assertShape<D extends DType>(
  name: string,
  tensor: Tensor,
  dtype: D,
  expected: readonly (number | null)[],
): asserts tensor is Tensor<D> {
  const fits =
    tensor.dtype === dtype &&
    tensor.shape.length === expected.length &&
    expected.every((size, axis) => size === null || size === tensor.shape[axis]) &&
    tensor.data.length === elementCount(tensor.shape);
  if (fits) return;
  const wanted = expected.map((size) => size ?? '?').join(', ');
  throw new Error(
    `${name}: expected ${dtype} [${wanted}], got ${tensor.dtype} [${tensor.shape.join(', ')}] with ${tensor.data.length} elements`,
  );
}
