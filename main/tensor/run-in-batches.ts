import { findTensorSpec } from './find-tensor-spec.ts';
import { mapAhead } from '../running/map-ahead.ts';
import { fixedRows, takeOutput } from './graph-fault.ts';
import type { Session } from './session.ts';
import type { Tensor } from './tensor.ts';

export interface BatchedRun {
  readonly session: Session;
  /** Inputs whose first axis is the batch; all others (scalars) are given to every run as they are. */
  readonly rows: Readonly<Record<string, Tensor>>;
  readonly shared?: Readonly<Record<string, Tensor>>;
  readonly output: string;
  /** Shape of one row of the output; null accepts any size, the same for all rows. */
  readonly row: readonly (number | null)[];
  /** Rows a run at most; a graph with a fixed batch size has its own way. */
  readonly limit: number;
  /** Called before every run: the place to let the event loop breathe and to see a cancel. */
  readonly beforeRun: () => Promise<void>;
}

/** What one run takes. */
interface Slice {
  readonly size: number;
  readonly feeds: Record<string, Tensor>;
}

/**
 * Runs a graph over all rows, in as few runs as the limit and the graph allow, and joins one output, float32 [rows, …]. Where the graph's
 * batch size is fixed, the last row is repeated to fill a run and the surplus dropped.
 * @throws StudioError pack-invalid where the output is not float32, of another shape or not finite
 */
export async function runInBatches({ output, row, ...run }: BatchedRun): Promise<Tensor<'float32'>> {
  const [joined] = await runForOutputs({ ...run, outputs: [{ name: output, row }] });
  return joined ?? { dtype: 'float32', shape: [0], data: new Float32Array(0) };
}

/** The same for several outputs of the same runs, in their order. */
export async function runForOutputs(
  run: Omit<BatchedRun, 'output' | 'row'> & {
    readonly outputs: readonly { readonly name: string; readonly row: readonly (number | null)[] }[];
  },
): Promise<Tensor<'float32'>[]> {
  const { session, rows, shared = {}, limit, beforeRun } = run;
  const [name, first] = Object.entries(rows)[0] ?? [];
  const count = first?.shape[0] ?? 0;
  const fixed = name === undefined ? null : fixedRows(session, findTensorSpec(session, 'inputs', [name]));
  if (fixed === null && count > 0 && count <= limit) {
    // Most calls are one run, and small graphs are run thousands of times: this is all they need.
    await beforeRun();
    const outputs = await session.run({ ...shared, ...rows });
    return run.outputs.map(({ name: output, row }) =>
      takeOutput(session.name, outputs, { name: output, dtype: 'float32', shape: [count, ...row] }),
    );
  }
  const parts = run.outputs.map((): Tensor<'float32'>[] => []);
  const slices = async function* (): AsyncGenerator<Slice> {
    let size: number;
    for (let start = 0; start < count; start += size) {
      size = fixed ?? Math.min(limit, count - start);
      await beforeRun();
      const feeds: Record<string, Tensor> = { ...shared };
      for (const [input, tensor] of Object.entries(rows)) feeds[input] = sliceRows(tensor, start, size);
      yield { size, feeds };
    }
  };
  const answer = async ({ size, feeds }: Slice) => ({ size, outputs: await session.run(feeds) });
  for await (const { size, outputs } of mapAhead(slices(), session.runsAtOnce, answer)) {
    for (const [index, wanted] of run.outputs.entries()) {
      const own = parts[index] ?? [];
      const row = own[0]?.shape.slice(1) ?? wanted.row;
      own.push(takeOutput(session.name, outputs, { name: wanted.name, dtype: 'float32', shape: [size, ...row] }));
    }
  }
  return parts.map((own) => joinRows(own, count));
}

function sliceRows(tensor: Tensor, start: number, size: number): Tensor {
  const count = tensor.shape[0] ?? 1;
  const length = tensor.data.length / count;
  const shape = [size, ...tensor.shape.slice(1)];
  if (start + size <= count)
    return { dtype: tensor.dtype, shape, data: tensor.data.subarray(start * length, (start + size) * length) };
  return { dtype: tensor.dtype, shape, data: filledRows(tensor.data, start, size, length) };
}

function filledRows(data: Tensor['data'], start: number, size: number, length: number): Tensor['data'] {
  const lastRow = data.length / length - 1;
  const source = (index: number): number => Math.min(start + Math.floor(index / length), lastRow) * length + (index % length);
  const range = { length: size * length };
  if (data instanceof Float32Array) return Float32Array.from(range, (_, index) => data[source(index)] ?? 0);
  if (data instanceof Int32Array) return Int32Array.from(range, (_, index) => data[source(index)] ?? 0);
  return BigInt64Array.from(range, (_, index) => data[source(index)] ?? 0n);
}

function joinRows(parts: readonly Tensor<'float32'>[], count: number): Tensor<'float32'> {
  const [first] = parts;
  if (!first) return { dtype: 'float32', shape: [0], data: new Float32Array(0) };
  const rowShape = first.shape.slice(1);
  const rowLength = rowShape.reduce((product, size) => product * size, 1);
  const only = parts.length === 1;
  const data = only ? first.data.subarray(0, count * rowLength) : new Float32Array(count * rowLength);
  let row = 0;
  for (const part of only ? [] : parts) {
    const kept = Math.min(part.shape[0] ?? 0, count - row);
    data.set(part.data.subarray(0, kept * rowLength), row * rowLength);
    row += kept;
  }
  return { dtype: 'float32', shape: [count, ...rowShape], data };
}
