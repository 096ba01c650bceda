/** One piece of work that waits: asking again before it ran puts it off. */
export class Debounce {
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** @param pauseMs 0 runs it at once */
  run(work: () => void, pauseMs: number): void {
    this.cancel();
    if (pauseMs === 0) work();
    else
      this.#timer = setTimeout(() => {
        this.#timer = null;
        work();
      }, pauseMs);
  }

  get waits(): boolean {
    return this.#timer !== null;
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
