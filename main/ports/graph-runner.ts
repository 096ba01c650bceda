import type { TensorSpec } from '../tensor/session.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What a graph elsewhere takes and gives. */
export interface GraphInterface {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** How many runs of it may be under way at the same time. */
  readonly runsAtOnce: number;
}

/**
 * Runs the graphs of packs on the servers of a connection. Runs change nothing there, so one that was lost with its server is made again
 * by another. Calls reject with the signal's reason, with StudioError `not-found` and `bad-request` for a connection that is none,
 * `tool-refused` (the graph is not there, or does not take this), `tool-limited`, `tool-failed`, `answer-unreadable`, and as
 * `Network.ask` does.
 */
export interface GraphRunner {
  describe(connectionId: string, graph: string, signal: AbortSignal): Promise<GraphInterface>;
  /** Tensors may be float32, int32 and int64; they are cast to what the graph declares. */
  run(
    connectionId: string,
    graph: string,
    feeds: Readonly<Record<string, Tensor>>,
    signal: AbortSignal,
  ): Promise<Record<string, Tensor>>;
}
