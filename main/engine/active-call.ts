import type { EngineTiming } from './engine-client.ts';
import type { EngineEvent } from './protocol.ts';
import type { EngineProcess } from './start-engine-process.ts';

export type CallOutcome = { readonly timing: EngineTiming } | { readonly error: unknown };

export interface ActiveCallOptions {
  readonly requestId: number;
  readonly engine: EngineProcess;
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineEvent) => void;
  readonly cancelDeadlineMs: number;
  /** The engine did not stop in time. */
  readonly onDeadline: () => void;
}

/** The request an engine process works on: cancelled by its signal, and settled once by whoever learns how it ended. */
export class ActiveCall {
  readonly requestId: number;
  /** Never rejects; a cancelled call's error is the reason it was cancelled for. */
  readonly outcome: Promise<CallOutcome>;
  /** Aborted when it is stopped, by whoever: what is done for it elsewhere ends with it. */
  readonly signal: AbortSignal;
  readonly #stopping = new AbortController();
  readonly #options: ActiveCallOptions;
  readonly #onAbort = (): void => this.stop(this.#options.signal.reason);
  #resolve: (outcome: CallOutcome) => void = () => undefined;
  #stopped: { readonly error: unknown } | null = null;
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: ActiveCallOptions) {
    this.#options = options;
    this.requestId = options.requestId;
    this.signal = this.#stopping.signal;
    this.outcome = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** A listener that throws ends its own call and nothing else. */
  receive(event: EngineEvent): void {
    try {
      this.#options.onEvent(event);
    } catch (error) {
      this.stop(error);
    }
  }

  stop(error: unknown): void {
    if (this.#stopped) return;
    this.#stopped = { error };
    this.#stopping.abort();
    const { engine, requestId, cancelDeadlineMs, onDeadline } = this.#options;
    engine.send({ type: 'cancel', requestId });
    this.#deadline = setTimeout(onDeadline, cancelDeadlineMs);
  }

  settle(outcome: CallOutcome): void {
    clearTimeout(this.#deadline);
    this.#stopping.abort();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#resolve(this.#stopped ?? outcome);
  }
}

/** Waits for a promise, or throws the signal's reason as soon as it is aborted. */
export async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  let stopListening = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    const onAbort = (): void => resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    stopListening = () => signal.removeEventListener('abort', onAbort);
  });
  try {
    await Promise.race([promise, aborted]);
    signal.throwIfAborted();
    return await promise;
  } finally {
    stopListening();
  }
}
