import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasFusedAttention, measureGraph } from '../../../main/tensor/measure-graph.ts';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/models/session/${name}`, import.meta.url));
const path = fixture('external-data.onnx');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'measure-graph-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('measureGraph', () => {
  it('counts the file and every file of external data that it names, whatever they are called', async () => {
    // Three tensors of 256 floats, of which one is named by two branches.
    expect(await measureGraph(path)).toBe((await stat(path)).size + 3 * 1024);
    const session = await openOnnxSession(path, { device: 'cpu', threads: 1 });
    const feeds = { x: new Float32Array(256).fill(1), number: Int32Array.of(1) };
    const { y } = await session.run({
      x: { dtype: 'float32', shape: [256], data: feeds.x },
      number: { dtype: 'int32', shape: [1], data: feeds.number },
    });
    expect(y?.data[0]).toBe(5);
    await session.release();
  });

  it('counts a graph without external data as the file it is', async () => {
    const plain = fixture('every-type.onnx');
    expect(await measureGraph(plain)).toBe((await stat(plain)).size);
  });

  it('counts nothing for what is not there, and the file alone for what is no graph', async () => {
    expect(await measureGraph(join(folder, 'none.onnx'))).toBe(0);
    await copyFile(path, join(folder, 'alone.onnx'));
    expect(await measureGraph(join(folder, 'alone.onnx'))).toBe((await stat(path)).size);
    await writeFile(join(folder, 'damaged.onnx'), Buffer.alloc(9000, 0x3a));
    expect(await measureGraph(join(folder, 'damaged.onnx'))).toBe(9000);
  });
});

describe('hasFusedAttention', () => {
  it('looks for the operator in every graph of the file', async () => {
    const field = (number: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.of(number * 8 + 2, bytes.length), bytes]);
    const model = (operator: string): Buffer => field(7, field(1, field(4, Buffer.from(operator))));
    const file = join(folder, 'fused.onnx');
    await writeFile(file, model('MultiHeadAttention'));
    expect(await hasFusedAttention(file)).toBe(true);
    await writeFile(file, model('MatMul'));
    expect(await hasFusedAttention(file)).toBe(false);
    expect(await hasFusedAttention(path)).toBe(false);
    expect(await hasFusedAttention(join(folder, 'none.onnx'))).toBe(false);
  });
});
