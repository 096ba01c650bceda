import type { Tensor } from './tensor.ts';

/** One input or output as the graph declares it. A symbolic axis is a string. */
export interface TensorSpec {
  readonly name: string;
  readonly dtype: 'float32' | 'float16' | 'int32' | 'int64' | 'bool';
  readonly shape: readonly (number | string)[];
}

/**
 * A loaded graph, wherever it runs: nothing here tells of files. Callers give float32 and int64 or int32 (0 and 1 for a bool); the adapter casts to what the graph declares.
 * `run` resolves after the native call, or with the answer from elsewhere; it cannot be interrupted here.
 */
export interface Session {
  /** What messages call it. */
  readonly name: string;
  /** Bytes of its weights as they are stored: a measure of what a run costs. Null where that is not known. */
  readonly weightBytes: number | null;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** How many runs may be under way at the same time; one more would only wait. */
  readonly runsAtOnce: number;
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/**
 * Opens a graph by where it is: a path for the runtime of this machine, so that external data beside it resolves; a session somewhere else
 * makes of it what it likes. The one port between the core and ONNX Runtime.
 */
export type OpenSession = (location: string) => Promise<Session>;
