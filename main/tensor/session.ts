import type { Tensor } from './tensor.ts';

/** One input or output as the graph declares it. A symbolic axis is a string. */
export interface TensorSpec {
  readonly name: string;
  readonly dtype: 'float32' | 'float16' | 'int32' | 'int64';
  readonly shape: readonly (number | string)[];
}

/**
 * A loaded graph. Callers give float32 and int64 or int32; the adapter casts to what the graph declares.
 * `run` resolves after the native call; it cannot be interrupted.
 */
export interface Session {
  readonly path: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** Opens a graph by path, so that external data beside it resolves. The one port between the core and ONNX Runtime. */
export type OpenSession = (path: string) => Promise<Session>;
