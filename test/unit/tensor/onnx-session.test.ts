import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inferenceClock } from '../../../main/tensor/inference-clock.ts';
import { listBuiltInDevices, onnxRuntimeVersion, openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import type { Tensor } from '../../../main/tensor/tensor.ts';
import { yieldToEventLoop } from '../../../main/tensor/yield-to-event-loop.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/models/session/${name}.onnx`, import.meta.url));
const floats = (...values: number[]): Tensor => ({ dtype: 'float32', shape: [1, 3], data: Float32Array.from(values) });
const longs = (...values: bigint[]): Tensor => ({ dtype: 'int64', shape: [1, 3], data: BigInt64Array.from(values) });
const shorts = (...values: number[]): Tensor => ({ dtype: 'int32', shape: [1, 3], data: Int32Array.from(values) });
const scalar: Tensor = { dtype: 'float32', shape: [], data: Float32Array.of(2.5) };

describe('openOnnxSession', () => {
  it('tells names, types and shapes as the graph declares them', async () => {
    const session = await openOnnxSession(fixture('every-type'), { device: 'cpu', threads: 1 });
    expect(session.inputs).toEqual([
      { name: 'half', dtype: 'float16', shape: ['batch', 3] },
      { name: 'single', dtype: 'float32', shape: [] },
      { name: 'short', dtype: 'int32', shape: ['batch', 3] },
      { name: 'long', dtype: 'int64', shape: ['batch', 3] },
    ]);
    expect(session.outputs.map((output) => output.dtype)).toEqual(['float16', 'float32', 'int32', 'int64']);
    await session.release();
  });

  it('casts float32 to float16 and the integers both ways, and back to what the core uses', async () => {
    const session = await openOnnxSession(fixture('every-type'), { device: 'cpu', threads: 1 });
    const outputs = await session.run({
      half: floats(0.5, -1.25, 1000),
      single: scalar,
      short: longs(1n, 2n, -3n),
      long: shorts(4, 5, -6),
    });
    expect(outputs['half_doubled']).toEqual(floats(1, -2.5, 2000));
    expect(outputs['single_doubled']).toEqual({ dtype: 'float32', shape: [], data: Float32Array.of(5) });
    expect(outputs['short_doubled']).toEqual(shorts(2, 4, -6));
    expect(outputs['long_doubled']).toEqual(longs(8n, 10n, -12n));
    await session.release();
  });

  it('rounds to the nearest half, ties to even, and overflows to infinity', async () => {
    const session = await openOnnxSession(fixture('every-type'), { device: 'cpu', threads: 1 });
    const ulp = 2 ** -10;
    const values = [1 + ulp / 2, 1 + (3 * ulp) / 2, 1 + ulp * 0.51, 2 ** -25, 1.5 * 2 ** -24, 32759, 32760, -1e30, Number.NaN];
    const halves = [1, 1 + 2 * ulp, 1 + ulp, 0, 2 ** -23, 32752, Infinity, -Infinity, Number.NaN];
    const rows = { dtype: 'int32', shape: [3, 3], data: new Int32Array(9) } as const;
    const half = { dtype: 'float32', shape: [3, 3], data: Float32Array.from(values) } as const;
    const outputs = await session.run({ half, single: scalar, short: rows, long: rows });
    // The graph doubles each.
    expect([...(outputs['half_doubled']?.data ?? [])]).toEqual(halves.map((value) => value * 2));
    await session.release();
  });

  it('tells what messages call a graph and how much it weighs, and nothing of where it lies', async () => {
    const session = await openOnnxSession(fixture('external-data'), { device: 'cpu', threads: 1 });
    expect(session).toMatchObject({
      name: 'external-data.onnx',
      weightBytes: statSync(fixture('external-data')).size + 3 * 1024,
    });
    expect(Object.values(session)).not.toContainEqual(expect.stringMatching(/[\\/]/));
    await session.release();
  });

  it('gives outputs of their own, which a later run does not overwrite', async () => {
    const session = await openOnnxSession(fixture('every-type'), { device: 'cpu', threads: 1 });
    const feeds = { half: floats(1, 2, 3), single: scalar, short: shorts(1, 1, 1), long: longs(1n, 1n, 1n) };
    const first = await session.run(feeds);
    for (let run = 0; run < 20; run++) {
      await session.run({
        half: floats(7, 8, 9),
        single: { ...scalar, data: Float32Array.of(9) },
        short: shorts(9, 9, 9),
        long: longs(9n, 9n, 9n),
      });
    }
    expect(first['half_doubled']).toEqual(floats(2, 4, 6));
    expect(first['single_doubled']?.data).toEqual(Float32Array.of(5));
    expect(first['short_doubled']).toEqual(shorts(2, 2, 2));
    expect(first['long_doubled']).toEqual(longs(2n, 2n, 2n));
    await session.release();
  });

  it('refuses a missing input and a type that cannot be cast', async () => {
    const session = await openOnnxSession(fixture('every-type'), { device: 'cpu', threads: 1 });
    const feeds = { half: floats(1, 2, 3), single: scalar, short: shorts(1, 1, 1), long: longs(1n, 1n, 1n) };
    await expect(session.run({ half: feeds.half })).rejects.toThrow('it takes single, which the studio does not give');
    await expect(session.run({ ...feeds, long: floats(1, 2, 3) })).rejects.toThrow('long takes int64, got float32');
    await expect(session.run({ ...feeds, half: longs(1n, 2n, 3n) })).rejects.toThrow('half takes float16, got int64');
    await session.release();
  });

  it('counts the time inside runs', async () => {
    const session = await openOnnxSession(fixture('every-type'), { device: 'cpu', threads: 1 });
    const before = { runs: inferenceClock.runs, elapsedMs: inferenceClock.elapsedMs };
    const startMs = performance.now();
    await session.run({ half: floats(1, 2, 3), single: scalar, short: shorts(1, 1, 1), long: longs(1n, 1n, 1n) });
    const wallMs = performance.now() - startMs;
    expect(inferenceClock.runs).toBe(before.runs + 1);
    expect(inferenceClock.elapsedMs).toBeGreaterThan(before.elapsedMs);
    expect(inferenceClock.elapsedMs - before.elapsedMs).toBeLessThanOrEqual(wallMs);
    await session.release();
  });

  it('says which file is missing, damaged or of another kind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dediffusion-session-'));
    try {
      await expect(openOnnxSession(join(folder, 'none.onnx'), { device: 'cpu' })).rejects.toMatchObject({
        code: 'pack-file-missing',
      });
      const damaged = join(folder, 'damaged.onnx');
      writeFileSync(damaged, 'not a graph');
      await expect(openOnnxSession(damaged, { device: 'cpu' })).rejects.toMatchObject({
        code: 'pack-invalid',
        message: 'The model file damaged.onnx cannot be loaded.',
      });
      await expect(openOnnxSession(damaged, { device: 'webgpu' })).rejects.toMatchObject({ name: 'StudioError' });
      await expect(openOnnxSession(fixture('double'), { device: 'cpu' })).rejects.toMatchObject({ code: 'pack-invalid' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('says that a device is not there instead of taking another', async () => {
    const foreign = process.platform === 'darwin' ? 'dml' : 'coreml';
    await expect(openOnnxSession(fixture('every-type'), { device: foreign })).rejects.toMatchObject({
      code: 'device-unavailable',
      hint: 'Choose another device; cpu always works.',
    });
  });

  it('knows the devices of this build, cpu among them, and its release', () => {
    expect(listBuiltInDevices()).toContain('cpu');
    expect(onnxRuntimeVersion).toMatch(/^1\.\d+\.\d+/);
  });
});

describe('yieldToEventLoop', () => {
  it('lets a message that was waiting in', async () => {
    const seen: string[] = [];
    const channel = new MessageChannel();
    channel.port1.onmessage = () => seen.push('message');
    channel.port2.postMessage('cancel');
    await yieldToEventLoop();
    await yieldToEventLoop();
    channel.port1.close();
    expect(seen).toEqual(['message']);
  });
});
