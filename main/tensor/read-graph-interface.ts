import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { FileWindow } from './file-window.ts';
import { graphFault } from './graph-fault.ts';
import type { TensorSpec } from './session.ts';

/** Element types of onnx.proto that the studio's graphs have. */
const elementTypes: Readonly<Record<number, TensorSpec['dtype']>> = {
  1: 'float32',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
};

/** Fields of onnx.proto (ONNX 1.23), by their messages. */
const fields = {
  model: { graph: 7 },
  graph: { initializer: 5, input: 11, output: 12 },
  initializer: { name: 8 },
  value: { name: 1, type: 2 },
  type: { tensor: 1 },
  tensor: { element: 1, shape: 2 },
  shape: { dimension: 1 },
  dimension: { value: 1, name: 2 },
} as const;

interface Field {
  readonly field: number;
  /** Of a number; where a message or text begins, its length. */
  readonly value: number;
  /** Where what is inside ends; the window's position after a number. */
  readonly end: number;
}

interface Value {
  name: string;
  element: number;
  shape: (number | string)[];
}

/**
 * What a graph takes and gives, read from its file; its weights are passed over, and no runtime is asked.
 * @param path absolute path of an ONNX file
 * @throws StudioError `pack-invalid` for a type no graph of a pack has, and for what is no graph; errors of the file system pass through
 */
export async function readGraphInterface(
  path: string,
): Promise<{ readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] }> {
  const file = await open(path);
  try {
    const window = new FileWindow(file);
    const { size } = await file.stat();
    const inputs: Value[] = [];
    const outputs: Value[] = [];
    const weights = new Set<string>();
    for await (const { field, end } of fieldsOf(window, size)) {
      if (field !== fields.model.graph) continue;
      for await (const inside of fieldsOf(window, end)) {
        if (inside.field === fields.graph.input) inputs.push(await readValue(window, inside.end));
        else if (inside.field === fields.graph.output) outputs.push(await readValue(window, inside.end));
        else if (inside.field === fields.graph.initializer) weights.add(await readInitializerName(window, inside.end));
      }
    }
    if (outputs.length === 0) throw graphFault(basename(path), 'it gives nothing');
    const toSpec = ({ name, element, shape }: Value): TensorSpec => {
      const dtype = elementTypes[element];
      if (dtype === undefined) throw graphFault(basename(path), `${name} has a type that no model's graph has`);
      return { name, dtype, shape };
    };
    // Older exports name weights among the inputs.
    return { inputs: inputs.filter(({ name }) => !weights.has(name)).map(toSpec), outputs: outputs.map(toSpec) };
  } finally {
    await file.close();
  }
}

/** The fields of one message; whoever reads may look inside each, and goes on behind it. Ends where they make no sense. */
async function* fieldsOf(window: FileWindow, end: number): AsyncGenerator<Field> {
  while (window.position < end) {
    const tag = await window.readVarint();
    const wire = tag % 8;
    const field = Math.floor(tag / 8);
    if (wire === 1) window.position += 8;
    else if (wire === 5) window.position += 4;
    else if (wire === 0 || wire === 2) {
      const value = await window.readVarint();
      const after = window.position + (wire === 2 ? value : 0);
      if (after > end) return;
      yield { field, value, end: after };
      window.position = after;
    } else return;
  }
}

async function readInitializerName(window: FileWindow, end: number): Promise<string> {
  let name = '';
  for await (const { field, value } of fieldsOf(window, end))
    if (field === fields.initializer.name) name = await window.readText(value);
  return name;
}

async function readValue(window: FileWindow, end: number): Promise<Value> {
  const value: Value = { name: '', element: 0, shape: [] };
  for await (const one of fieldsOf(window, end)) {
    if (one.field === fields.value.name) value.name = await window.readText(one.value);
    if (one.field !== fields.value.type) continue;
    for await (const type of fieldsOf(window, one.end)) {
      if (type.field !== fields.type.tensor) continue;
      for await (const tensor of fieldsOf(window, type.end)) {
        if (tensor.field === fields.tensor.element) value.element = tensor.value;
        if (tensor.field === fields.tensor.shape) value.shape = await readShape(window, tensor.end);
      }
    }
  }
  return value;
}

/** An axis of any size by its name, or by its place where it has none. */
async function readShape(window: FileWindow, end: number): Promise<(number | string)[]> {
  const shape: (number | string)[] = [];
  for await (const { field, end: dimensionEnd } of fieldsOf(window, end)) {
    if (field !== fields.shape.dimension) continue;
    let size: number | string = `axis-${shape.length}`;
    for await (const part of fieldsOf(window, dimensionEnd)) {
      // Exports write −1 and 0 where they mean any size; −1 reads as more than a number holds.
      if (part.field === fields.dimension.value && part.value > 0 && Number.isSafeInteger(part.value)) size = part.value;
      if (part.field === fields.dimension.name) size = await window.readText(part.value);
    }
    shape.push(size);
  }
  return shape;
}
