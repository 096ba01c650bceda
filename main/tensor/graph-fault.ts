import { StudioError } from '../../contract/errors.ts';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { elementCount } from './assert-shape.ts';
import type { Session, TensorSpec } from './session.ts';
import type { DType, Tensor } from './tensor.ts';

/** A graph that takes or gives something else than its place in a pack asks for; the engine adds which pack it is of. */
export function graphFault(graph: string, what: string, cause?: unknown): StudioError {
  return new StudioError(
    'pack-invalid',
    `The model file ${graph} does not do what its place in the model asks for: ${what}.`,
    'It is damaged or made for something else. Verify the model, or choose another.',
    { graph, reason: what },
    cause,
  );
}

export interface WantedOutput<D extends DType> {
  readonly name: string;
  readonly dtype: D;
  /** One entry an axis; null accepts any size up to `packLimits.width`. */
  readonly shape: readonly (number | null)[];
  /** Of every number, both ends included; absent: any that is finite. */
  readonly range?: readonly [least: number, most: number];
}

/**
 * What a graph has answered, looked at before anybody works with it: there, of this type and shape, and every number finite and in range.
 * @throws StudioError pack-invalid
 */
export function takeOutput<D extends DType>(
  graph: string,
  outputs: Readonly<Record<string, Tensor>>,
  { name, dtype, shape, range }: WantedOutput<D>,
): Tensor<D> {
  const tensor = outputs[name];
  if (!tensor) throw graphFault(graph, `it gave no ${name}`);
  if (!fits(tensor, dtype, shape)) {
    const wanted = shape.map((size) => size ?? `1 to ${packLimits.width}`).join(', ');
    const found = `${tensor.dtype} [${tensor.shape.join(', ')}] with ${tensor.data.length} elements`;
    throw graphFault(graph, `${name} is ${found}, not ${dtype} [${wanted}]`);
  }
  if (tensor.data instanceof Float32Array) {
    const wrong = range === undefined ? findNotFinite(tensor.data) : findOutside(tensor.data, range);
    if (wrong !== null) throw graphFault(graph, `${name} holds ${wrong}, which no such number can be`);
  }
  return tensor;
}

/**
 * The first number that is not finite, or null. A sum of so many float32, in float64, is finite when each of them is, and adding takes half
 * as long as looking at each; four sums do not wait for one another.
 */
function findNotFinite(values: Float32Array): number | null {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let index = 0, count = values.length; index < count; index += 4) {
    a += values[index] ?? 0;
    b += values[index + 1] ?? 0;
    c += values[index + 2] ?? 0;
    d += values[index + 3] ?? 0;
  }
  return Number.isFinite(a + b + c + d) ? null : (values.find((value) => !Number.isFinite(value)) ?? null);
}

/** The first number that is not in range, or null. By index: an iterator takes four times as long, and there are thousands of numbers a picture. */
function findOutside(values: Float32Array, [least, most]: readonly [least: number, most: number]): number | null {
  for (let index = 0, count = values.length; index < count; index += 1) {
    const value = values[index] ?? Number.NaN;
    // NaN is neither.
    if (!(value >= least && value <= most)) return value;
  }
  return null;
}

function fits<D extends DType>(tensor: Tensor, dtype: D, shape: readonly (number | null)[]): tensor is Tensor<D> {
  return (
    tensor.dtype === dtype &&
    tensor.shape.length === shape.length &&
    tensor.shape.every((size, axis) => size === shape[axis] || (shape[axis] === null && size >= 1 && size <= packLimits.width)) &&
    tensor.data.length === elementCount(tensor.shape)
  );
}

/** The rows a graph takes in one run where it fixes them; null where any number will do. Throws `pack-invalid` for too many. */
export function fixedRows(graph: Pick<Session, 'name'>, { name, shape: [rows] }: TensorSpec): number | null {
  if (typeof rows !== 'number' || rows < 1) return null;
  if (rows <= packLimits.fixedBatch) return rows;
  throw graphFault(graph.name, `${name} takes ${rows} rows at once; the studio gives ${packLimits.fixedBatch} at most`);
}
