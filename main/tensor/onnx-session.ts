import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
// First, so that it is done before the next line loads the runtime.
import './refuse-telemetry.ts';
import * as ort from 'onnxruntime-node';
import { deviceNameSchema } from '../../contract/studio-info.ts';
import type { DeviceName } from '../../contract/studio-info.ts';
import { StudioError } from '../../contract/errors.ts';
import { graphFault } from './graph-fault.ts';
import { inferenceClock } from './inference-clock.ts';
import { measureGraph } from './measure-graph.ts';
import type { Session, TensorSpec } from './session.ts';
import type { Tensor } from './tensor.ts';

export interface OnnxSessionOptions {
  readonly device: DeviceName;
  /** Threads inside one operator; absent: ONNX Runtime's choice, one a physical core. */
  readonly threads?: number;
  /** Absent: all. */
  readonly graphOptimisation?: 'disabled' | 'basic' | 'extended' | 'all';
}

/** The release of ONNX Runtime, which recipes record because bits can differ between releases. */
export const onnxRuntimeVersion: string = ort.env.versions.node ?? ort.env.versions.common;

/** The devices this build of ONNX Runtime knows on this platform. Whether one really works, only opening a graph tells. */
export function listBuiltInDevices(): DeviceName[] {
  return ort.listSupportedBackends().flatMap(({ name }) => deviceNameSchema.safeParse(name).data ?? []);
}

/**
 * Opens a graph on one device. External data beside the file resolves, because the graph is loaded by path.
 * Throws `pack-file-missing`, `device-unavailable` or `pack-invalid`; a run throws `memory-exceeded` when an allocation fails,
 * `pack-invalid` or, on another device than the CPU, `device-unavailable` when the graph cannot be run.
 */
export async function openOnnxSession(path: string, options: OnnxSessionOptions): Promise<Session> {
  // A pipe in its place would hold up everything that waits for a graph.
  const facts = await stat(path).catch(() => null);
  if (!facts?.isFile()) {
    throw new StudioError(
      'pack-file-missing',
      `The model file ${basename(path)} is not there.`,
      'Verify or fetch the model again.',
      { path },
    );
  }
  // The runtime passes over the name of a provider it was not built with and runs on the CPU without a word.
  if (!listBuiltInDevices().includes(options.device))
    throw deviceUnavailable(path, options.device, 'not built into ONNX Runtime here');
  try {
    const session = await ort.InferenceSession.create(path, sessionOptions(options));
    return adapt(path, options.device, session, await measureGraph(path));
  } catch (error) {
    throw openFailure(path, options.device, error);
  }
}

function sessionOptions(options: OnnxSessionOptions): ort.InferenceSession.SessionOptions {
  return {
    // The CPU takes the operators a device does not have; a device that is not there makes `create` throw.
    executionProviders: options.device === 'cpu' ? ['cpu'] : [options.device, 'cpu'],
    graphOptimizationLevel: options.graphOptimisation ?? 'all',
    logSeverityLevel: 3,
    // Threads that wait would spin on the cores that decoding pictures needs meanwhile (docs/decisions/0018).
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
  };
}

function openFailure(path: string, device: DeviceName, error: unknown): Error {
  if (error instanceof StudioError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isAllocationFailure(reason)) return memoryExceeded(path, reason, error);
  if (device !== 'cpu' && !/protobuf|INVALID_GRAPH|INVALID_PROTOBUF|NO_SUCHFILE/i.test(reason)) {
    return deviceUnavailable(path, device, reason, error);
  }
  return new StudioError(
    'pack-invalid',
    `The model file ${basename(path)} cannot be loaded.`,
    'It is damaged or of a kind ONNX Runtime does not know. Verify the model.',
    { path, reason },
    error,
  );
}

function deviceUnavailable(path: string, device: DeviceName, reason: string, cause?: unknown): StudioError {
  return new StudioError(
    'device-unavailable',
    `The device ${device} cannot run ${basename(path)}.`,
    'Choose another device; cpu always works.',
    { path, device, reason },
    cause,
  );
}

function isAllocationFailure(reason: string): boolean {
  return /failed to allocate|bad[_ ]alloc|out of memory/i.test(reason);
}

function memoryExceeded(path: string, reason: string, cause: unknown): StudioError {
  return new StudioError(
    'memory-exceeded',
    `There is not enough memory to run ${basename(path)}.`,
    'Make a smaller picture or fewer at a time, or close other programs.',
    { path, reason },
    cause,
  );
}

function adapt(path: string, device: DeviceName, session: ort.InferenceSession, weightBytes: number): Session {
  const inputs = session.inputMetadata.map((metadata) => tensorSpec(path, metadata));
  const outputs = session.outputMetadata.map((metadata) => tensorSpec(path, metadata));
  return {
    name: basename(path),
    weightBytes,
    inputs,
    outputs,
    // The native call holds this thread.
    runsAtOnce: 1,
    async run(feeds) {
      const nativeFeeds: Record<string, ort.Tensor> = {};
      for (const spec of inputs) {
        const tensor = feeds[spec.name];
        if (!tensor) throw graphFault(basename(path), `it takes ${spec.name}, which the studio does not give`);
        nativeFeeds[spec.name] = toNative(path, spec, tensor);
      }
      try {
        return fromNativeAll(await timedRun(session, nativeFeeds));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (isAllocationFailure(reason)) throw memoryExceeded(path, reason, error);
        if (device !== 'cpu') throw deviceUnavailable(path, device, reason, error);
        throw graphFault(basename(path), `its run failed (${reason})`, error);
      }
    },
    release: () => session.release(),
  };
}

/**
 * The binding runs the graph synchronously inside a setImmediate. An immediate of our own, queued just before, runs just
 * before it, so the clock counts the native call alone and not the wait for the event loop.
 */
async function timedRun(
  session: ort.InferenceSession,
  feeds: Record<string, ort.Tensor>,
): Promise<ort.InferenceSession.ReturnType> {
  let startMs = 0;
  setImmediate(() => {
    startMs = performance.now();
  });
  const results = await session.run(feeds);
  inferenceClock.add(performance.now() - startMs);
  return results;
}

function tensorSpec(path: string, metadata: ort.InferenceSession.ValueMetadata): TensorSpec {
  if (!metadata.isTensor) throw new Error(`${basename(path)}: ${metadata.name} is not a tensor`);
  const { name, type, shape } = metadata;
  if (type === 'float32' || type === 'float16' || type === 'int32' || type === 'int64' || type === 'bool')
    return { name, dtype: type, shape };
  throw new Error(`${basename(path)}: ${name} has the type ${type}, which the studio does not use`);
}

function toNative(path: string, spec: TensorSpec, tensor: Tensor): ort.Tensor {
  const { data } = tensor;
  if (data instanceof Float32Array) {
    if (spec.dtype === 'float32') return new ort.Tensor('float32', data, tensor.shape);
    if (spec.dtype === 'float16') return halfTensor(new Float16Array(data), tensor.shape);
  } else if (spec.dtype === 'int64') {
    return new ort.Tensor('int64', data instanceof BigInt64Array ? data : BigInt64Array.from(data, BigInt), tensor.shape);
  } else if (spec.dtype === 'int32') {
    return new ort.Tensor('int32', data instanceof Int32Array ? data : Int32Array.from(data, Number), tensor.shape);
  } else if (spec.dtype === 'bool') {
    return new ort.Tensor('bool', Uint8Array.from(data, Number), tensor.shape);
  }
  throw graphFault(basename(path), `${spec.name} takes ${spec.dtype}, got ${tensor.dtype}`);
}

/**
 * The binding's native side knows no Float16Array and reads no bytes of one ("not enough space: expected 4, got 0"); its constructor makes
 * one of bits as well. Giving it the bits back as Uint16Array is what it can read.
 */
function halfTensor(halves: Float16Array, shape: readonly number[]): ort.Tensor {
  const bits = new Uint16Array(halves.buffer);
  const tensor = new ort.Tensor('float16', bits, shape);
  Object.assign(tensor, { cpuData: bits });
  return tensor;
}

/** The binding has copied each output into an array of its own, so nothing is copied here (the test of this file holds it to that). */
function fromNativeAll(results: ort.InferenceSession.ReturnType): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(results)) {
    outputs[name] = fromNative(name, value);
    value.dispose();
  }
  return outputs;
}

function fromNative(name: string, value: ort.OnnxValue): Tensor {
  const shape = [...value.dims];
  const { data } = value;
  if (value.type === 'float16' && ArrayBuffer.isView(data)) {
    return {
      dtype: 'float32',
      shape,
      data: new Float32Array(new Float16Array(data.buffer, data.byteOffset, data.byteLength / 2)),
    };
  }
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  if (data instanceof BigInt64Array) return { dtype: 'int64', shape, data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape, data };
  throw new Error(`${name}: an output of type ${value.type}`);
}
