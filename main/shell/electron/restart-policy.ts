export interface RestartLimits {
  /** More crashes than this within the window mean that starting again does not help. */
  readonly crashes: number;
  readonly windowMs: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

export const defaultRestartLimits: RestartLimits = { crashes: 4, windowMs: 60_000, firstDelayMs: 150, longestDelayMs: 5_000 };

/** Decides how soon a process that died is started again: at once the first time, later each further time, at last not at all. */
export class RestartPolicy {
  readonly #limits: RestartLimits;
  readonly #now: () => number;
  #crashesMs: number[] = [];

  constructor(limits: RestartLimits = defaultRestartLimits, now: () => number = Date.now) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Counts a crash. Milliseconds to wait before the next start, or null when it is to be left. */
  noteCrash(): number | null {
    const nowMs = this.#now();
    this.#crashesMs = [...this.#crashesMs.filter((atMs) => nowMs - atMs < this.#limits.windowMs), nowMs];
    if (this.#crashesMs.length > this.#limits.crashes) return null;
    return Math.min(this.#limits.firstDelayMs * 2 ** (this.#crashesMs.length - 1), this.#limits.longestDelayMs);
  }

  /** A person asked for another try. */
  forgive(): void {
    this.#crashesMs = [];
  }
}
