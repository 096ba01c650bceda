/** Runs asynchronous work one after the other, in the order it was asked for. A failure does not stop what follows. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    // The failure is the caller's, who holds `result`; the lane itself only waits.
    this.#last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Resolves when everything asked for so far has ended. */
  async drain(): Promise<void> {
    await this.#last;
  }
}
