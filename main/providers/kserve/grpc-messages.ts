import type { TensorSpec } from '../../tensor/session.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { datatypeOf, fromBytes, fromNumbers, isDatatype, sizeOf, toBytes, toTensorSpec } from './kserve-tensors.ts';

/**
 * The messages of KServe's protocol, version 2, that the studio sends and reads over gRPC, as protobuf
 * (kserve/open-inference-protocol: specification/protocol/open_inference_grpc.proto). Three calls need eight small messages, so they
 * are written and read here, field by field.
 */

export const methodOf = {
  server: '/inference.GRPCInferenceService/ServerMetadata',
  model: '/inference.GRPCInferenceService/ModelMetadata',
  infer: '/inference.GRPCInferenceService/ModelInfer',
} as const;

/** Numbers of the fields that are used. */
const serverFields = { name: 1, version: 2 };
const modelFields = { name: 1, inputs: 4, outputs: 5 };
const tensorFields = { name: 1, datatype: 2, shape: 3, contents: 5 };
const askedFields = { model: 1, id: 3, inputs: 5, outputs: 6, raw: 7 };
const answerFields = { outputs: 5, raw: 6 };
const contentsFields = { int32: 2, int64: 3, float32: 6 };

const wire = { varint: 0, eight: 1, bytes: 2, four: 5 };

function writeVarint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

function writeField(field: number, value: Uint8Array | string): Buffer[] {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [writeVarint((field << 3) | wire.bytes), writeVarint(view.byteLength), view];
}

export const encodeModelAsked = (name: string): Uint8Array => Buffer.concat(writeField(modelFields.name, name));

/** `ModelInferRequest`. */
export function encodeInfer(
  model: string,
  feeds: readonly { readonly spec: TensorSpec; readonly tensor: Tensor }[],
  outputs: readonly string[],
): Uint8Array {
  const tensors = feeds.flatMap(({ spec, tensor }) => {
    const head = [
      ...writeField(tensorFields.name, spec.name),
      ...writeField(tensorFields.datatype, datatypeOf(spec.dtype)),
      ...writeField(tensorFields.shape, Buffer.concat(tensor.shape.map(writeVarint))),
    ];
    return writeField(askedFields.inputs, Buffer.concat(head));
  });
  return Buffer.concat([
    ...writeField(askedFields.model, model),
    ...writeField(askedFields.id, 'studio'),
    ...tensors,
    ...outputs.flatMap((name) => writeField(askedFields.outputs, Buffer.concat(writeField(tensorFields.name, name)))),
    ...feeds.flatMap(({ spec, tensor }) => writeField(askedFields.raw, toBytes(spec.dtype, tensor))),
  ]);
}

/** What is no protobuf. */
class Malformed extends Error {
  override readonly name = 'Malformed';
}

type Field = { readonly field: number } & (
  { readonly wire: 'varint'; readonly value: bigint } | { readonly wire: 'bytes' | 'fixed'; readonly bytes: Buffer }
);

/** @throws Malformed */
function* readFields(message: Uint8Array): Generator<Field> {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const take = (count: number): Buffer => {
    if (at + count > bytes.byteLength) throw new Malformed();
    return bytes.subarray(at, (at += count));
  };
  const readVarint = (): bigint => {
    for (let value = 0n, shift = 0n; shift < 70n; shift += 7n) {
      const byte = take(1).readUInt8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new Malformed();
  };
  while (at < bytes.byteLength) {
    const tag = Number(readVarint());
    const field = tag >>> 3;
    if ((tag & 7) === wire.varint) yield { field, wire: 'varint', value: readVarint() };
    else if ((tag & 7) === wire.bytes) yield { field, wire: 'bytes', bytes: take(Number(readVarint())) };
    else if ((tag & 7) === wire.four || (tag & 7) === wire.eight)
      yield { field, wire: 'fixed', bytes: take((tag & 7) === wire.four ? 4 : 8) };
    else throw new Malformed();
  }
}

const bytesIn = (message: Uint8Array, field: number): Buffer[] =>
  [...readFields(message)].flatMap((one) => (one.field === field && one.wire !== 'varint' ? [one.bytes] : []));
const textIn = (message: Uint8Array, field: number): string => bytesIn(message, field).at(-1)?.toString('utf8') ?? '';

/** Numbers stand one by one, or together as a sequence of varints. */
function numbersIn(message: Uint8Array, field: number): number[] {
  return [...readFields(message)].flatMap((one) => {
    if (one.field !== field) return [];
    if (one.wire === 'varint') return [Number(one.value)];
    return [...readPacked(one.bytes)];
  });
}

function* readPacked(bytes: Buffer): Generator<number> {
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    yield Number(BigInt.asIntN(64, value));
    [value, shift] = [0n, 0n];
  }
}

/** Null for what is no such message. */
function readWhole<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** `ServerMetadataResponse`. */
export const decodeServer = (message: Uint8Array): { readonly name: string; readonly version: string } | null =>
  readWhole(() => ({ name: textIn(message, serverFields.name), version: textIn(message, serverFields.version) }));

/** `ModelMetadataResponse`; null in place of an input or output of a type the studio's graphs do not use. */
export function decodeModel(
  message: Uint8Array,
): { readonly inputs: (TensorSpec | null)[]; readonly outputs: (TensorSpec | null)[] } | null {
  const readSpecs = (field: number): (TensorSpec | null)[] =>
    bytesIn(message, field).map((one) =>
      toTensorSpec({
        name: textIn(one, tensorFields.name),
        datatype: textIn(one, tensorFields.datatype),
        shape: numbersIn(one, tensorFields.shape),
      }),
    );
  return readWhole(() => ({ inputs: readSpecs(modelFields.inputs), outputs: readSpecs(modelFields.outputs) }));
}

/** `ModelInferResponse`: the tensors by name, half precision as float32. Null for what is no whole answer. */
export function decodeInfer(message: Uint8Array): Record<string, Tensor> | null {
  return readWhole(() => {
    const outputs = bytesIn(message, answerFields.outputs);
    const raw = bytesIn(message, answerFields.raw);
    if (raw.length !== 0 && raw.length !== outputs.length) return null;
    const tensors: Record<string, Tensor> = {};
    for (const [at, output] of outputs.entries()) {
      const tensor = readTensor(output, raw[at] ?? null);
      if (tensor === null) return null;
      tensors[textIn(output, tensorFields.name)] = tensor;
    }
    return tensors;
  });
}

function readTensor(output: Uint8Array, raw: Buffer | null): Tensor | null {
  const datatype = textIn(output, tensorFields.datatype);
  const shape = numbersIn(output, tensorFields.shape);
  if (!isDatatype(datatype) || shape.some((size) => size < 0)) return null;
  const count = shape.reduce((product, size) => product * size, 1);
  if (raw !== null) return raw.byteLength === sizeOf(datatype, count) ? fromBytes(datatype, shape, new Uint8Array(raw)) : null;
  const [contents = Buffer.of()] = bytesIn(output, tensorFields.contents);
  const numbers =
    datatype === 'FP32'
      ? readFloats(Buffer.concat(bytesIn(contents, contentsFields.float32)))
      : numbersIn(contents, datatype === 'INT32' ? contentsFields.int32 : contentsFields.int64);
  return numbers.length === count ? fromNumbers(datatype, shape, numbers) : null;
}

const readFloats = (bytes: Buffer): number[] =>
  Array.from({ length: Math.floor(bytes.byteLength / 4) }, (_, at) => bytes.readFloatLE(at * 4));
