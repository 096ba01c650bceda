/** Four times a second for one thing: a page looks at what it is made of again each time. */
const INTERVAL_MS = 250;

interface Pending {
  lastMs: number;
  timer: NodeJS.Timeout | null;
}

type Listener = (id: string | null) => void;

/** Tells listeners which thing of a list has changed, such as a batch. Thinned out, and the newest change is never lost. */
export class ChangeAnnouncer {
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

  announce(id: string): void {
    const pending = this.#pending.get(id) ?? { lastMs: Number.NEGATIVE_INFINITY, timer: null };
    this.#pending.set(id, pending);
    const waitMs = pending.lastMs + INTERVAL_MS - this.#clock();
    if (waitMs > 0) pending.timer ??= setTimeout(() => this.#flush(id, pending), waitMs);
    else this.#flush(id, pending);
  }

  /** The list itself has changed. */
  announceList(): void {
    this.#tell(null);
  }

  forget(id: string): void {
    clearTimeout(this.#pending.get(id)?.timer ?? undefined);
    this.#pending.delete(id);
  }

  /** Drops what was not told yet. */
  close(): void {
    for (const id of this.#pending.keys()) this.forget(id);
    this.#listeners.clear();
  }

  #flush(id: string, pending: Pending): void {
    pending.timer = null;
    pending.lastMs = this.#clock();
    this.#tell(id);
  }

  #tell(id: string | null): void {
    for (const listener of this.#listeners) listener(id);
  }
}
