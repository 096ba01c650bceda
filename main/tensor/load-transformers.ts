import { basename } from 'node:path';
import type * as Library from '@huggingface/transformers';
import type { OpenSession, Session } from './session.ts';
import type { Tensor } from './tensor.ts';

/** The library that knows how captioners and small language models are asked; its graphs run in sessions of ours. */
export type Transformers = typeof Library;

/** What a graph takes and gives, as the library holds it. */
class LentTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: number[];
  readonly size: number;
  readonly location = 'cpu';

  constructor(type: string, data: unknown, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = [...dims];
    this.size = dims.reduce((product, side) => product * side, 1);
  }

  /** The library gives back what it no longer needs; ours is left to the garbage collector. */
  dispose(): void {
    return;
  }
}

/** Where transformers.js looks for a runtime before it takes its own (huggingface/transformers.js: src/backends/onnx.js). */
const runtimePlace = Symbol.for('onnxruntime');

let loading: Promise<Transformers> | null = null;

/**
 * The library, loaded at its first use and kept. It reads files of the folder it is given and nothing else: no network, no cache of its own.
 * Every model is opened with `modelOptions`, so that its graphs are counted, watched and run on the device as all others are.
 */
export function loadTransformers(): Promise<Transformers> {
  loading ??= load();
  return loading;
}

/** How the library names a precision, by the end of a graph's file. */
const dtypeOfSuffix = {
  '': 'fp32',
  _fp16: 'fp16',
  _int8: 'int8',
  _uint8: 'uint8',
  _quantized: 'q8',
  _q4: 'q4',
  _q4f16: 'q4f16',
  _bnb4: 'bnb4',
} as const;

/**
 * What a model of the library is opened with: its graphs by their names, such as `decoder_model_merged: 'onnx/decoder_model_merged_q4.onnx'`, and
 * who opens them.
 */
export function modelOptions(graphs: Readonly<Record<string, string>>, openSession: OpenSession) {
  const dtype = Object.entries(graphs).map(([name, file]) => {
    const suffix = basename(file, '.onnx').slice(name.length);
    const found = Object.entries(dtypeOfSuffix).find(([end]) => end === suffix);
    return [name, found?.[1] ?? 'fp32'] as const;
  });
  return {
    // Which device runs a graph is for `openSession` to say; by this name the library asks for none.
    device: 'auto' as const,
    dtype: Object.fromEntries(dtype),
    session_options: { openSession } as object,
  };
}

async function load(): Promise<Transformers> {
  const InferenceSession = {
    create: async (path: string, { openSession }: { readonly openSession: OpenSession }) => lendSession(await openSession(path)),
  };
  Object.assign(globalThis, { [runtimePlace]: { Tensor: LentTensor, InferenceSession } });
  const library = await import('@huggingface/transformers');
  Object.assign(library.env, {
    ...{ allowRemoteModels: false, useFSCache: false, useBrowserCache: false, useWasmCache: false },
    // What it says of inputs would stand in a log, and inputs are what an artist wrote.
    logLevel: library.LogLevel.NONE,
  });
  return library;
}

/** One of our sessions as the library asks for it. Half precision is an affair of ours: it sees float32. */
function lendSession(session: Session) {
  const inputs = session.inputs.map(({ name, dtype, shape }) => ({
    ...{ name, shape: [...shape], isTensor: true },
    type: dtype === 'float16' ? 'float32' : dtype,
  }));
  return {
    inputNames: inputs.map(({ name }) => name),
    outputNames: session.outputs.map(({ name }) => name),
    inputMetadata: inputs,
    run: async (feeds: Readonly<Record<string, LentTensor>>) => {
      const own = Object.entries(feeds).map(([name, tensor]) => [name, toOwn(name, tensor)] as const);
      const outputs = Object.entries(await session.run(Object.fromEntries(own)));
      return Object.fromEntries(outputs.map(([name, { dtype, data, shape }]) => [name, new LentTensor(dtype, data, shape)]));
    },
    release: () => session.release(),
  };
}

function toOwn(name: string, { type, data, dims }: LentTensor): Tensor {
  const shape = [...dims];
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  if (data instanceof BigInt64Array) return { dtype: 'int64', shape, data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape, data };
  if (data instanceof Uint8Array && type === 'bool') return { dtype: 'int32', shape, data: Int32Array.from(data) };
  throw new Error(`${name}: transformers.js gives ${type}, which the studio's graphs do not take`);
}
