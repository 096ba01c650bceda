import type { StudioEvent } from '../../../contract/events.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { watchEvents } from '../../client/watch-events.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import { say } from '../../language/say.ts';

export type ConnectionState =
  | { readonly type: 'connecting' }
  | { readonly type: 'connected' }
  | { readonly type: 'lost'; readonly retryAtMs: number; readonly reason: ErrorBody };

/** Whether the core answers, and its events. */
export class Connection {
  #state: ConnectionState = $state.raw({ type: 'connecting' });
  #wasConnected = $state(false);
  readonly #client: StudioClient;
  readonly #wake = new EventTarget();
  readonly #stop = new AbortController();
  readonly #now: () => number;

  constructor(client: StudioClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  get connected(): boolean {
    return this.#state.type === 'connected';
  }

  /** Why what needs the core cannot be done now, for commands and buttons; null when it can. */
  get whyNot(): string | null {
    return this.connected ? null : say('hindrance.core');
  }

  /** True once the core has answered: tells a slow start from a lost core. */
  get wasConnected(): boolean {
    return this.#wasConnected;
  }

  start(onEvent: (event: StudioEvent) => void): void {
    void watchEvents(
      this.#client,
      {
        onEvent: (event) => {
          if (!this.connected) this.#state = { type: 'connected' };
          this.#wasConnected = true;
          onEvent(event);
        },
        onLost: (reason, retryInMs) => {
          this.#state = { type: 'lost', retryAtMs: this.#now() + retryInMs, reason: toErrorBody(reason) };
        },
        onTrying: () => {
          if (this.#state.type !== 'lost') this.#state = { type: 'connecting' };
        },
      },
      this.#wake,
      this.#stop.signal,
    );
  }

  retryNow(): void {
    this.#wake.dispatchEvent(new Event('retry'));
  }

  stop(): void {
    this.#stop.abort();
  }
}
