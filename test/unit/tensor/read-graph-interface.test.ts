import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openOnnxSession } from '../../../main/tensor/onnx-session.ts';
import { readGraphInterface } from '../../../main/tensor/read-graph-interface.ts';
import type { TensorSpec } from '../../../main/tensor/session.ts';

const models = fileURLToPath(new URL('../../fixtures/models', import.meta.url));
const graphs = ['session', 'tiny-encoder', 'tiny-scorer', 'tiny-sdxl'].flatMap((folder) =>
  readdirSync(join(models, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.onnx') && entry.name !== 'double.onnx')
    .map((entry) => join(entry.parentPath, entry.name)),
);

/** Axes of any size have names, which the runtime leaves out where there are none. */
const shapeOf = ({ name, dtype, shape }: TensorSpec): unknown => ({
  name,
  dtype,
  shape: shape.map((size) => (typeof size === 'number' && size > 0 ? size : 'any')),
});

it.each(graphs.map((path) => [relative(models, path), path]))('%s is read as the runtime reads it', async (_name, path) => {
  const session = await openOnnxSession(path, { device: 'cpu', threads: 1 });
  const { inputs, outputs } = await readGraphInterface(path);
  expect(inputs.map(shapeOf)).toEqual(session.inputs.map(shapeOf));
  expect(outputs.map(shapeOf)).toEqual(session.outputs.map(shapeOf));
  await session.release();
});

it('a graph of other types, and what is no graph, are refused', async () => {
  await expect(readGraphInterface(join(models, 'session', 'double.onnx'))).rejects.toMatchObject({ code: 'pack-invalid' });
  await expect(readGraphInterface(fileURLToPath(import.meta.url))).rejects.toMatchObject({ code: 'pack-invalid' });
});
