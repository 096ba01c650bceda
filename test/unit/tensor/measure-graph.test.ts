import { copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasFusedAttention, measureGraph, readPrecision } from '../../../main/tensor/measure-graph.ts';
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

describe('readPrecision', () => {
  const models = fileURLToPath(new URL('../../fixtures/models/', import.meta.url));

  it('is what most weights of a graph are stored in', async () => {
    // It is kept in halves and computed in single precision.
    expect(await readPrecision(join(models, 'tiny-stable-diffusion', 'unet', 'model.onnx'))).toBe('fp16');
    expect(await readPrecision(path)).toBe('fp32');
    expect(await readPrecision(join(folder, 'none.onnx'))).toBeNull();
  });

  it('counts weights of four bits as such, though two lie in one number of eight', async () => {
    const field = (number: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.of(number * 8 + 2, bytes.length), bytes]);
    // Sides as single numbers or in one field, and the data type.
    const tensor = (type: number, ...sides: number[]): Buffer =>
      field(5, Buffer.concat([...sides.map((side) => Buffer.of(8, side)), Buffer.of(16, type)]));
    const packed = (type: number, ...sides: number[]): Buffer =>
      field(5, Buffer.concat([field(1, Buffer.from(sides)), Buffer.of(16, type)]));
    const node = (operator: string): Buffer => field(1, field(4, Buffer.from(operator)));
    const file = join(folder, 'precision.onnx');
    const write = (...parts: Buffer[]): Promise<void> => writeFile(file, field(7, Buffer.concat(parts)));
    await write(node('MatMul'), tensor(10, 4, 4), packed(1, 3, 5), tensor(7, 100));
    expect(await readPrecision(file)).toBe('fp16');
    await write(node('MatMul'), packed(2, 9, 9), tensor(10, 4));
    expect(await readPrecision(file)).toBe('int8');
    await write(node('MatMulNBits'), packed(2, 9, 9), tensor(10, 4));
    expect(await readPrecision(file)).toBe('int4');
  });
});
