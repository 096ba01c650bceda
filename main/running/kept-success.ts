/**
 * Does slow work at the first call and keeps what came out; those who ask meanwhile wait for the same. A failure is not kept: the file
 * may be mended, the disk may be free again, and the next call tries anew.
 */
export class KeptSuccess<Value> {
  readonly #work: () => Promise<Value>;
  #kept: Promise<Value> | null = null;

  constructor(work: () => Promise<Value>) {
    this.#work = work;
  }

  get(): Promise<Value> {
    if (this.#kept) return this.#kept;
    const kept = this.#work();
    this.#kept = kept;
    // Whoever asked hears of it; one that came after a failure is not dropped with it.
    kept.catch(() => {
      if (this.#kept === kept) this.#kept = null;
    });
    return kept;
  }

  /** Gives up what is kept, or null; the next call does the work again. */
  take(): Promise<Value> | null {
    const kept = this.#kept;
    this.#kept = null;
    return kept;
  }
}
