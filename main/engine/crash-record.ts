/** So many inputs in a row, with nothing finished between them, explain nothing: it is the engine that cannot work. */
const mostExplained = 8;

/**
 * Remembers crashes in a row, to wait longer after each and to give up in time. A finished request ends the row, and so
 * does an input that is found to be what crashes.
 */
export class CrashRecord {
  readonly #limit: number;
  readonly #windowMs: number;
  #crashesMs: number[] = [];
  #explained = 0;

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  add(nowMs: number): void {
    this.#crashesMs = [...this.#crashesMs.filter((crashMs) => nowMs - crashMs < this.#windowMs), nowMs];
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
    return this.#crashesMs.length >= this.#limit;
  }

  /** How long to wait before the next start: nothing after one crash, then 200 ms, doubled for each further one, at most 5 s. */
  delayMs(nowMs: number): number {
    const last = this.#crashesMs.at(-1);
    if (last === undefined || this.#crashesMs.length < 2) return 0;
    const pauseMs = Math.min(5000, 200 * 2 ** (this.#crashesMs.length - 2));
    return Math.max(0, last + pauseMs - nowMs);
  }
}
