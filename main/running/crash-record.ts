export interface CrashLimits {
  /** So many crashes within the window are a loop: starting again does not help. */
  readonly limit: number;
  readonly windowMs: number;
  /** The pause after the second crash; it doubles with each further one, up to five seconds. Default 200 ms. */
  readonly firstPauseMs?: number;
}

/** So many inputs in a row, with nothing finished between them, explain nothing: it is the process that cannot work. */
const mostExplained = 8;

/**
 * Remembers crashes in a row of a process that somebody starts again, to wait longer after each and to give up in time. Work that
 * was finished ends the row, and so does an input that is found to be what crashes.
 */
export class CrashRecord {
  readonly #limits: CrashLimits;
  #crashesMs: number[] = [];
  #explained = 0;

  constructor(limits: CrashLimits) {
    this.#limits = limits;
  }

  add(nowMs: number): void {
    this.#crashesMs = [...this.#crashesMs.filter((crashMs) => nowMs - crashMs < this.#limits.windowMs), nowMs];
  }

  clear(): void {
    this.#crashesMs = [];
    this.#explained = 0;
  }

  /** One input is what caused the crashes so far. */
  explain(): void {
    this.#explained += 1;
    if (this.#explained <= mostExplained) this.#crashesMs = [];
  }

  /** True when starting again would most likely crash again. */
  get isLoop(): boolean {
    return this.#crashesMs.length >= this.#limits.limit;
  }

  /** How long to wait before the next start: nothing after one crash, then longer after each further one, at most 5 s. */
  delayMs(nowMs: number): number {
    const last = this.#crashesMs.at(-1);
    if (last === undefined || this.#crashesMs.length < 2) return 0;
    const pauseMs = Math.min(5000, (this.#limits.firstPauseMs ?? 200) * 2 ** (this.#crashesMs.length - 2));
    return Math.max(0, last + pauseMs - nowMs);
  }
}
