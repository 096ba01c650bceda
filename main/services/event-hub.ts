import type { StudioEvent } from '../../contract/events.ts';

type Pushed = Exclude<StudioEvent, { type: 'hello' }>;

/** Events about the same thing share a key: a slow reader gets the newest state once, not every state there was. */
function keyOf(event: Pushed): string {
  switch (event.type) {
    case 'job-changed':
      return `job ${event.job.id}`;
    case 'engine-changed':
      return 'engine';
    case 'settings-changed':
      return 'settings';
    case 'network-changed':
      return 'network';
    case 'library-changed':
      return 'library';
    case 'batch-changed':
      return `batch ${event.batch.id}`;
    case 'batches-listed':
      return 'batches';
    case 'transfer-changed':
      return `transfer ${event.transferId ?? ''}`;
  }
}

/** What one reader has not seen yet. Bounded by the number of jobs, because newer states replace older ones. */
class Subscription {
  readonly #pending = new Map<string, Pushed>();
  #wake: () => void = () => undefined;
  #ended = false;

  push(event: Pushed): void {
    const key = keyOf(event);
    const earlier = this.#pending.get(key);
    const merged =
      event.type === 'library-changed' && earlier?.type === 'library-changed'
        ? { ...event, itemIds: [...new Set([...earlier.itemIds, ...event.itemIds])] }
        : event;
    this.#pending.set(key, merged);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** The oldest unseen event; null when the stream has ended. */
  async next(): Promise<Pushed | null> {
    for (;;) {
      const [entry] = this.#pending;
      if (this.#ended) return null;
      if (entry !== undefined) {
        this.#pending.delete(entry[0]);
        return entry[1];
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** Hands every event to every reader of `studio.events`. */
export class EventHub {
  readonly #subscriptions = new Set<Subscription>();
  #closed = false;

  publish(event: Pushed): void {
    for (const subscription of this.#subscriptions) subscription.push(event);
  }

  /**
   * A stream that begins with `hello` and ends when the signal is aborted or the hub is closed.
   * `hello` is made after the subscription, so that no change falls between the two.
   */
  async *read(hello: () => StudioEvent, signal: AbortSignal | undefined): AsyncGenerator<StudioEvent, void, void> {
    const subscription = new Subscription();
    const end = () => subscription.end();
    if (this.#closed || signal?.aborted === true) return;
    this.#subscriptions.add(subscription);
    signal?.addEventListener('abort', end, { once: true });
    try {
      yield hello();
      for (let event = await subscription.next(); event !== null; event = await subscription.next()) yield event;
    } finally {
      signal?.removeEventListener('abort', end);
      this.#subscriptions.delete(subscription);
    }
  }

  close(): void {
    this.#closed = true;
    for (const subscription of this.#subscriptions) subscription.end();
  }
}
