/** Work done in the order it was asked for: each begins when the one before has ended, well or not. */
export class InOrder {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the work does; a failure is told to whoever asked for it and hinders nothing that comes after. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
