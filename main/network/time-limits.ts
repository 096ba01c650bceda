/** How long a request may take, in milliseconds; null: as long as it takes. */
export interface TimeLimits {
  /** Name, connection, proxy and TLS, for each host on the way. Default 20 s. */
  readonly connectMs?: number | null;
  /** From the end of what is sent to the first line of the answer: models think here. Default 60 s. */
  readonly firstByteMs?: number | null;
  /** Between two pieces of what is sent or answered. Default 60 s. */
  readonly idleMs?: number | null;
  /** For the whole way, redirects and body included. Default: none. */
  readonly totalMs?: number | null;
}

export type TimedPhase = 'connect' | 'first-byte' | 'idle' | 'total';

/** A limit that was reached. */
export class TimeUp extends Error {
  override readonly name = 'TimeUp';
  readonly phase: TimedPhase;
  readonly limitMs: number;

  constructor(phase: TimedPhase, limitMs: number) {
    super('It took too long.');
    this.phase = phase;
    this.limitMs = limitMs;
  }
}

/** The clocks of one request. A reached limit aborts `signal`, and ends the wait even for work that does not watch it. */
export class RequestClock {
  readonly signal: AbortSignal;
  readonly #limits: Required<TimeLimits>;
  readonly #controller = new AbortController();
  readonly #total: NodeJS.Timeout | null;

  constructor(limits: TimeLimits, caller: AbortSignal | undefined) {
    this.#limits = { connectMs: 20_000, firstByteMs: 60_000, idleMs: 60_000, totalMs: null, ...limits };
    this.signal = caller === undefined ? this.#controller.signal : AbortSignal.any([caller, this.#controller.signal]);
    this.#total = this.#start('total', this.#limits.totalMs);
  }

  async within<T>(phase: Exclude<TimedPhase, 'total'>, work: Promise<T>): Promise<T> {
    const { connectMs, firstByteMs, idleMs } = this.#limits;
    const timer = this.#start(phase, { connect: connectMs, 'first-byte': firstByteMs, idle: idleMs }[phase]);
    let stopWaiting = () => undefined as unknown;
    const aborted = new Promise<never>((_resolve, reject) => {
      stopWaiting = () => reject(this.signal.reason as Error);
      if (this.signal.aborted) stopWaiting();
      else this.signal.addEventListener('abort', stopWaiting, { once: true });
    });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      this.signal.removeEventListener('abort', stopWaiting);
      if (timer !== null) clearTimeout(timer);
    }
  }

  /** The request is over: nothing of it waits any longer. */
  stop(): void {
    if (this.#total !== null) clearTimeout(this.#total);
    this.#controller.abort();
  }

  #start(phase: TimedPhase, limitMs: number | null): NodeJS.Timeout | null {
    return limitMs === null ? null : setTimeout(() => this.#controller.abort(new TimeUp(phase, limitMs)), limitMs);
  }
}
