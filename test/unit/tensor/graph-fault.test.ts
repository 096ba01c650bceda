import { describe, expect, test } from 'vitest';
import { packLimits } from '../../../contract/models/pack-limits.ts';
import { findTensorSpec } from '../../../main/tensor/find-tensor-spec.ts';
import { fixedRows, takeOutput } from '../../../main/tensor/graph-fault.ts';
import type { Tensor } from '../../../main/tensor/tensor.ts';

const vector = (...values: number[]): Tensor => ({
  dtype: 'float32',
  shape: [1, values.length],
  data: Float32Array.from(values),
});
const wanted = { name: 'y', dtype: 'float32', shape: [1, 2] } as const;
const invalid = (reason: RegExp): object =>
  expect.objectContaining({
    code: 'pack-invalid',
    details: { graph: 'g.onnx', reason: expect.stringMatching(reason) as string },
  }) as object;

describe('what a graph has answered', () => {
  test('is given on where it is what was asked for', () => {
    expect(takeOutput('g.onnx', { y: vector(1, -2) }, wanted).data).toEqual(Float32Array.of(1, -2));
    expect(takeOutput('g.onnx', { y: vector(0, 1) }, { ...wanted, shape: [1, null], range: [0, 1] }).shape).toEqual([1, 2]);
  });

  test.each<readonly [string, Record<string, Tensor>, RegExp]>([
    ['nothing', {}, /gave no y/],
    ['another type', { y: { dtype: 'int32', shape: [1, 2], data: new Int32Array(2) } }, /int32 \[1, 2\].*not float32/],
    ['another size', { y: vector(1, 2, 3) }, /\[1, 3\].*not float32 \[1, 2\]/],
    ['another rank', { y: { ...vector(1, 2), shape: [2] } }, /\[2\]/],
    ['less than its shape says', { y: { ...vector(1), shape: [1, 2] } }, /1 elements/],
    ['no number', { y: vector(1, Number.NaN) }, /holds NaN/],
    ['infinity', { y: vector(1, Number.POSITIVE_INFINITY) }, /holds Infinity/],
  ])('is the fault of its pack where it is %s', (_name, outputs, reason) => {
    expect(() => takeOutput('g.onnx', outputs, wanted)).toThrow(invalid(reason));
  });

  test('is held to its range, and to a width where any size will do', () => {
    expect(() => takeOutput('g.onnx', { y: vector(0, 1.1) }, { ...wanted, range: [0, 1] })).toThrow(invalid(/1\.1/));
    const wide = vector(...new Array<number>(packLimits.width + 1).fill(0));
    for (const y of [wide, vector()])
      expect(() => takeOutput('g.onnx', { y }, { ...wanted, shape: [1, null] })).toThrow(invalid(/1 to/));
  });
});

test('a graph without the input it needs, or with too many rows, is the fault of its pack', () => {
  const session = {
    name: 'g.onnx',
    weightBytes: null,
    inputs: [],
    outputs: [],
    runsAtOnce: 1,
    run: () => Promise.reject(new Error()),
    release: () => Promise.resolve(),
  };
  expect(() => findTensorSpec(session, 'inputs', ['pixel_values'], 0)).toThrow(invalid(/no pixel_values/));
  const spec = (rows: number | string) => ({ name: 'x', dtype: 'float32', shape: [rows] }) as const;
  expect(['batch', -1, 0, 4].map((rows) => fixedRows(session, spec(rows)))).toEqual([null, null, null, 4]);
  expect(() => fixedRows(session, spec(1e9))).toThrow(invalid(/1000000000 rows/));
});
