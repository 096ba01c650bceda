/** Four times a second for one batch: a page looks at its rows again each time. */
const INTERVAL_MS = 250;

interface Pending {
  lastMs: number;
  timer: NodeJS.Timeout | null;
}

type Listener = (batchId: string | null) => void;

/** Tells listeners which batch has changed. Thinned out, and the newest change is never lost. */
export class BatchAnnouncer {
  readonly #clock: () => number;
  readonly #listeners = new Set<Listener>();
  readonly #pending = new Map<string, Pending>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(batchId: string): void {
    const pending = this.#pending.get(batchId) ?? { lastMs: Number.NEGATIVE_INFINITY, timer: null };
    this.#pending.set(batchId, pending);
    const waitMs = pending.lastMs + INTERVAL_MS - this.#clock();
    if (waitMs > 0) pending.timer ??= setTimeout(() => this.#flush(batchId, pending), waitMs);
    else this.#flush(batchId, pending);
  }

  /** The list of batches has changed. */
  announceList(): void {
    this.#tell(null);
  }

  forget(batchId: string): void {
    clearTimeout(this.#pending.get(batchId)?.timer ?? undefined);
    this.#pending.delete(batchId);
  }

  /** Drops what was not told yet. */
  close(): void {
    for (const batchId of this.#pending.keys()) this.forget(batchId);
    this.#listeners.clear();
  }

  #flush(batchId: string, pending: Pending): void {
    pending.timer = null;
    pending.lastMs = this.#clock();
    this.#tell(batchId);
  }

  #tell(batchId: string | null): void {
    for (const listener of this.#listeners) listener(batchId);
  }
}
