/** What is pushed comes out in order; after `end` or `fail` the reader gets the rest first. One reader. */
export class EventQueue<Value> {
  #waiting: Value[] = [];
  #ended: { readonly error: unknown } | 'well' | null = null;
  #wake: () => void = () => undefined;

  push(value: Value): void {
    this.#waiting.push(value);
    this.#wake();
  }

  end(): void {
    this.#ended ??= 'well';
    this.#wake();
  }

  fail(error: unknown): void {
    this.#ended ??= { error };
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value, void, undefined> {
    for (;;) {
      const values = this.#waiting;
      this.#waiting = [];
      yield* values;
      if (this.#waiting.length > 0) continue;
      if (this.#ended === 'well') return;
      if (this.#ended) throw this.#ended.error;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
