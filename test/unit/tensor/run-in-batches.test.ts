import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findTensorSpec } from '../../../main/tensor/find-tensor-spec.ts';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import { runInBatches } from '../../../main/tensor/run-in-batches.ts';
import type { Session } from '../../../main/tensor/session.ts';
import type { Tensor } from '../../../main/tensor/tensor.ts';

const open = (name: string): Promise<Session> =>
  openOnnxSession(fileURLToPath(new URL(`../../fixtures/models/session/${name}.onnx`, import.meta.url)), {
    device: 'cpu',
    threads: 1,
  });
const factor: Tensor = { dtype: 'float32', shape: [], data: Float32Array.of(10) };
const rowsOf = (count: number): Record<string, Tensor> => ({
  x: { dtype: 'float32', shape: [count, 3], data: Float32Array.from({ length: count * 3 }, (_, index) => index) },
  ids: { dtype: 'int64', shape: [count, 1], data: BigInt64Array.from({ length: count }, (_, row) => BigInt(row * 100)) },
});

describe('runInBatches', () => {
  for (const count of [1, 2, 5, 6]) {
    it(`fills the runs of a graph of fixed batch size: ${count} rows, two a run`, async () => {
      const session = await open('fixed-batch');
      let runs = 0;
      const beforeRun = (): Promise<void> => {
        runs += 1;
        return Promise.resolve();
      };
      const result = await runInBatches({
        session,
        rows: rowsOf(count),
        shared: { factor },
        output: 'y',
        row: [3],
        limit: 16,
        beforeRun,
      });
      expect(result.shape).toEqual([count, 3]);
      expect([...result.data]).toEqual(
        Array.from({ length: count * 3 }, (_, index) => (2 * index + Math.floor(index / 3) * 100) * 10),
      );
      expect(runs).toBe(Math.ceil(count / 2));
      await session.release();
    });
  }

  it('keeps to the limit where the graph takes any batch', async () => {
    const session = await open('every-type');
    const values = Float32Array.from({ length: 21 }, (_, index) => index);
    const seen: number[] = [];
    const counting: Session = {
      ...session,
      run: (feeds) => {
        seen.push(feeds['half']?.shape[0] ?? 0);
        return session.run(feeds);
      },
    };
    const integers: Tensor = { dtype: 'int32', shape: [7, 3], data: new Int32Array(21) };
    const result = await runInBatches({
      session: counting,
      rows: { half: { dtype: 'float32', shape: [7, 3], data: values }, short: integers, long: integers },
      shared: { single: { dtype: 'float32', shape: [], data: Float32Array.of(1) } },
      output: 'half_doubled',
      row: [3],
      limit: 3,
      beforeRun: () => Promise.resolve(),
    });
    expect(seen).toEqual([3, 3, 1]);
    expect([...result.data]).toEqual([...values].map((value) => value * 2));
    await session.release();
  });

  it('stops where beforeRun throws, and refuses an output that holds no floats', async () => {
    const session = await open('fixed-batch');
    const run = { session, rows: rowsOf(4), shared: { factor }, output: 'y', row: [3], limit: 2 };
    await expect(runInBatches({ ...run, beforeRun: () => Promise.reject(new Error('enough')) })).rejects.toThrow('enough');
    await expect(runInBatches({ ...run, output: 'z', beforeRun: () => Promise.resolve() })).rejects.toThrow('it gave no z');
    await session.release();
  });
});

describe('findTensorSpec', () => {
  it('prefers names, then the place, then says what there is', async () => {
    const session = await open('fixed-batch');
    expect(findTensorSpec(session, 'inputs', ['sample', 'ids'], 0).name).toBe('ids');
    expect(findTensorSpec(session, 'inputs', ['sample'], 0).name).toBe('x');
    expect(() => findTensorSpec(session, 'outputs', ['sample', 'image'])).toThrow('no sample or image among its outputs y');
    await session.release();
  });
});
