import { z } from 'zod';
import type { TensorSpec } from '../../tensor/session.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/**
 * Tensors as KServe's protocol, version 2, writes them: as JSON numbers, or, with the extension `binary_tensor_data`, as bytes behind the
 * JSON, little-endian and row-major, without padding (kserve/open-inference-protocol, triton-inference-server/server:
 * docs/protocol/extension_binary_data.md).
 */

const datatypes = {
  float32: 'FP32',
  float16: 'FP16',
  int32: 'INT32',
  int64: 'INT64',
  bool: 'BOOL',
} as const satisfies Record<TensorSpec['dtype'], string>;
const bytesOf = { FP32: 4, FP16: 2, INT32: 4, INT64: 8 } as const;
const datatypeSchema = z.enum(['FP32', 'FP16', 'INT32', 'INT64']);
type Datatype = z.infer<typeof datatypeSchema>;

export const datatypeOf = (dtype: TensorSpec['dtype']): (typeof datatypes)[TensorSpec['dtype']] => datatypes[dtype];
export const isDatatype = (name: string): name is Datatype => datatypeSchema.safeParse(name).success;
/** Bytes of so many numbers. */
export const sizeOf = (datatype: Datatype, count: number): number => count * bytesOf[datatype];

/** MLServer and others write the sizes as texts in places. */
const sizeSchema = z.coerce.number().int();
const declaredSchema = z.object({ name: z.string().min(1), datatype: z.string(), shape: z.array(sizeSchema) });
/** `GET /v2/models/<name>`. */
export const modelMetadataSchema = z.object({ inputs: z.array(declaredSchema), outputs: z.array(declaredSchema) });

const nestedSchema: z.ZodType<unknown[]> = z.array(z.unknown());
const answerSchema = z.object({
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: datatypeSchema,
      shape: z.array(sizeSchema.nonnegative()),
      parameters: z.object({ binary_data_size: z.number().int().nonnegative().optional() }).nullish(),
      data: nestedSchema.optional(),
    }),
  ),
});

/** The header that says where the JSON ends and the bytes begin. */
export const jsonLengthHeader = 'inference-header-content-length';

export interface EncodedRun {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An input or output as the server declares it; null for a type the studio's graphs do not use. −1 is an axis of any size. */
export function toTensorSpec({ name, datatype, shape }: z.infer<typeof declaredSchema>): TensorSpec | null {
  const known = Object.entries(datatypes).find(([, name]) => name === datatype);
  if (known === undefined) return null;
  const [dtype] = known as [TensorSpec['dtype'], string];
  return { name, dtype, shape: shape.map((size, axis) => (size < 0 ? `axis-${axis}` : size)) };
}

/** The body of `POST /v2/models/<name>/infer`. `id` comes back with the answer; some servers cannot do without. */
export function encodeRun(
  feeds: readonly { readonly spec: TensorSpec; readonly tensor: Tensor }[],
  outputs: readonly string[],
  { id, binary }: { readonly id: string; readonly binary: boolean },
): EncodedRun {
  const blobs: Uint8Array[] = [];
  const inputs = feeds.map(({ spec, tensor }) => {
    const head = { name: spec.name, shape: tensor.shape, datatype: datatypeOf(spec.dtype) };
    if (!binary) return { ...head, data: toNumbers(spec.dtype, tensor) };
    const blob = toBytes(spec.dtype, tensor);
    blobs.push(blob);
    return { ...head, parameters: { binary_data_size: blob.byteLength } };
  });
  const wanted = outputs.map((name) => (binary ? { name, parameters: { binary_data: true } } : { name }));
  const json = Buffer.from(JSON.stringify({ id, inputs, outputs: wanted }));
  if (!binary) return { bytes: json, mediaType: 'application/json', headers: {} };
  return {
    bytes: Buffer.concat([json, ...blobs]),
    mediaType: 'application/octet-stream',
    headers: { [jsonLengthHeader]: String(json.byteLength) },
  };
}

/**
 * The tensors of an answer, by name; half precision becomes float32. Null for what is no whole answer.
 * @param jsonLength what the header of that name said; null where all of it is JSON
 */
export function decodeRun(body: Uint8Array, jsonLength: number | null): Record<string, Tensor> | null {
  if (jsonLength !== null && !(jsonLength >= 0 && jsonLength <= body.byteLength)) return null;
  const parsed = answerSchema.safeParse(parseJson(body.subarray(0, jsonLength ?? body.byteLength)));
  if (!parsed.success) return null;
  const tensors: Record<string, Tensor> = {};
  let offset = jsonLength ?? body.byteLength;
  for (const { name, datatype, shape, parameters, data } of parsed.data.outputs) {
    const count = shape.reduce((product, size) => product * size, 1);
    const size = parameters?.binary_data_size;
    if (size !== undefined) {
      if (size !== sizeOf(datatype, count) || offset + size > body.byteLength) return null;
      tensors[name] = fromBytes(datatype, shape, new Uint8Array(body.subarray(offset, offset + size)));
      offset += size;
    } else {
      const numbers = (data ?? []).flat(Infinity);
      if (numbers.length !== count || !numbers.every((one) => typeof one === 'number')) return null;
      const tensor = fromNumbers(datatype, shape, numbers);
      if (tensor === null) return null;
      tensors[name] = tensor;
    }
  }
  // What is left over belongs to nothing: the answer is not what it says.
  return offset === body.byteLength ? tensors : null;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // The caller says who answered so.
    return null;
  }
}

/** JSON has numbers, and words for a bool. */
function toNumbers(dtype: TensorSpec['dtype'], { data }: Tensor): (number | boolean)[] {
  const numbers = Array.from(data as ArrayLike<number | bigint>, Number);
  return dtype === 'bool' ? numbers.map(Boolean) : numbers;
}

export function toBytes(dtype: TensorSpec['dtype'], { data }: Tensor): Uint8Array {
  const cast = castTo(dtype, data);
  return new Uint8Array(cast.buffer, cast.byteOffset, cast.byteLength);
}

function castTo(
  dtype: TensorSpec['dtype'],
  data: Tensor['data'],
): Float32Array | Float16Array | Int32Array | BigInt64Array | Uint8Array {
  const numbers = (): ArrayLike<number> => (data instanceof BigInt64Array ? Array.from(data, Number) : data);
  switch (dtype) {
    case 'float32':
      return data instanceof Float32Array ? data : Float32Array.from(numbers());
    case 'float16':
      return Float16Array.from(numbers());
    case 'int32':
      return data instanceof Int32Array ? data : Int32Array.from(numbers());
    case 'int64':
      return data instanceof BigInt64Array ? data : BigInt64Array.from(data, BigInt);
    case 'bool':
      return Uint8Array.from(numbers());
  }
}

/** Takes a copy of the bytes, which begins where an array may; `slice` of a Buffer is none. */
export function fromBytes(datatype: Datatype, shape: readonly number[], { buffer }: Uint8Array<ArrayBuffer>): Tensor {
  switch (datatype) {
    case 'FP32':
      return { dtype: 'float32', shape, data: new Float32Array(buffer) };
    case 'FP16':
      return { dtype: 'float32', shape, data: new Float32Array(new Float16Array(buffer)) };
    case 'INT32':
      return { dtype: 'int32', shape, data: new Int32Array(buffer) };
    case 'INT64':
      return { dtype: 'int64', shape, data: new BigInt64Array(buffer) };
  }
}

export function fromNumbers(datatype: Datatype, shape: readonly number[], numbers: readonly number[]): Tensor | null {
  if (datatype === 'FP32' || datatype === 'FP16') return { dtype: 'float32', shape, data: Float32Array.from(numbers) };
  if (!numbers.every(Number.isSafeInteger)) return null;
  if (datatype === 'INT32') return { dtype: 'int32', shape, data: Int32Array.from(numbers) };
  return { dtype: 'int64', shape, data: BigInt64Array.from(numbers, BigInt) };
}
