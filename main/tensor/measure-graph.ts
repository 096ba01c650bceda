import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PackGraph } from '../../contract/models/drawing-memory.ts';
import { stampFiles } from '../files/stamp-files.ts';
import { FileWindow } from './file-window.ts';

/** Which fields of which message lead to external data: onnx.proto of ONNX 1.23 (graphs of loops and branches included). */
const fieldsOf = {
  model: { 7: 'graph' },
  graph: { 1: 'node', 5: 'tensor' },
  node: { 4: 'operator', 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
  tensor: { 13: 'entry' },
  entry: { 1: 'key', 2: 'value' },
} as const satisfies Record<string, Record<number, string>>;
type Message = keyof typeof fieldsOf;

/** What is looked for in a graph: names of external data, relative to its folder, and of operators. */
interface GraphNames {
  readonly externals: Set<string>;
  readonly operators: Set<string>;
  /** How many numbers its tensors hold, of each of TensorProto's data types. */
  readonly numbers: Map<number, number>;
}

/** A graph is gone through once while its file stays the same: every drawing asks what its graphs weigh. */
interface StampedNames {
  readonly stamp: string;
  readonly reading: Promise<GraphNames>;
}
const knownNames = new Map<string, StampedNames>();
/** More than any model has; the one first read goes first. */
const mostKnown = 64;

/** Of a tensor; the runtime takes fewer. A field of millions would hold up whoever reads it. */
const mostSides = 64;
/** Messages inside one another; a loop within a loop takes three more. */
const deepest = 64;

/**
 * The files of a graph: itself and every file of external data its tensors name, which exports call as they like
 * (`model.onnx_data`, `model.onnx.data`, `weights.pb`, one file a tensor). What is not there is named too: opening the graph tells.
 */
export async function listGraphFiles(path: string): Promise<readonly string[]> {
  const names = new Set([basename(path), ...(await namesOf(path)).externals]);
  return [...names].map((name) => join(dirname(path), name));
}

/**
 * Whether a graph has its attention in one operator, as exports for speed do: the runtime need not hold the scores of all cells then. A file that is no graph
 * has none.
 */
export async function hasFusedAttention(path: string): Promise<boolean> {
  return [...(await namesOf(path)).operators].some((operator) => operator.endsWith('Attention'));
}

/** Data types of onnx.proto that weights are stored in. */
const precisions: Readonly<Record<number, PackGraph['precision']>> = {
  1: 'fp32',
  2: 'int8',
  3: 'int8',
  10: 'fp16',
  16: 'bf16',
  21: 'int4',
  22: 'int4',
};
/** Takes weights of four bits, two of which lie in one number of eight. */
const packedOperator = 'MatMulNBits';

/** What most of a graph's weights are stored in; null where it has none of a known kind. */
export async function readPrecision(path: string): Promise<PackGraph['precision']> {
  const { numbers, operators } = await namesOf(path);
  const known = [...numbers].filter(([type]) => precisions[type] !== undefined);
  const [most] = known.toSorted(([, a], [, b]) => b - a);
  const precision = most === undefined ? null : (precisions[most[0]] ?? null);
  return precision === 'int8' && operators.has(packedOperator) ? 'int4' : precision;
}

/** Bytes of a graph on the disk, external data included; what is not there counts nothing. */
export async function measureGraph(path: string): Promise<number> {
  const sizes = await Promise.all((await listGraphFiles(path)).map(sizeOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

/** A failure is not kept: the file may be there the next time. */
async function namesOf(path: string): Promise<GraphNames> {
  const stamp = await stampFiles([path]);
  const known = knownNames.get(path);
  if (known?.stamp === stamp) return known.reading;
  const reading = readNames(path);
  knownNames.delete(path);
  knownNames.set(path, { stamp, reading });
  const [first] = knownNames.keys();
  if (knownNames.size > mostKnown && first !== undefined) knownNames.delete(first);
  reading.catch(() => knownNames.get(path)?.reading === reading && knownNames.delete(path));
  return reading;
}

/** A file that is no graph names nothing. */
async function readNames(path: string): Promise<GraphNames> {
  const found: GraphNames = { externals: new Set(), operators: new Set(), numbers: new Map() };
  let file: FileHandle;
  try {
    // A pipe in its place would hold up whoever opens it.
    if (!(await stat(path)).isFile()) return found;
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return found;
    throw error;
  }
  try {
    const { size } = await file.stat();
    await walk(new FileWindow(file), 'model', size, found, 0);
    return found;
  } finally {
    await file.close();
  }
}

/** Goes through the fields of one message, as protobuf writes them; stops where they make no sense. */
async function walk(reader: FileWindow, message: Message, end: number, found: GraphNames, depth: number): Promise<void> {
  const entry = { key: '', value: '' };
  const tensor = { type: 0, numbers: 1 };
  while (reader.position < end) {
    const tag = await reader.readVarint();
    const wire = tag % 8;
    const number = Math.floor(tag / 8);
    const isSide = message === 'tensor' && number === 1;
    if (wire === 0) {
      const value = await reader.readVarint();
      if (isSide) tensor.numbers *= value;
      if (message === 'tensor' && number === 2) tensor.type = value;
    } else if (wire === 1) reader.position += 8;
    else if (wire === 5) reader.position += 4;
    else if (wire === 2) {
      const length = await reader.readVarint();
      const after = reader.position + length;
      const fields: Partial<Record<number, Message | 'key' | 'value' | 'operator'>> = fieldsOf[message];
      const field = fields[number];
      if (after > end) return;
      if (isSide)
        for (let sides = 0; sides < mostSides && reader.position < after; sides += 1) tensor.numbers *= await reader.readVarint();
      else if (field === 'key' || field === 'value') entry[field] = await reader.readText(length);
      else if (field === 'operator') found.operators.add(await reader.readText(length));
      else if (field !== undefined && depth < deepest) await walk(reader, field, after, found, depth + 1);
      reader.position = after;
    } else return;
  }
  if (entry.key === 'location') found.externals.add(entry.value);
  if (message === 'tensor') found.numbers.set(tensor.type, (found.numbers.get(tensor.type) ?? 0) + tensor.numbers);
}
