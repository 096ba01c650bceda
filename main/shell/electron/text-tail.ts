/** The last characters of a stream of text. */
export class TextTail {
  readonly #limit: number;
  #text = '';

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(text: string): void {
    this.#text = `${this.#text}${text}`.slice(-this.#limit);
  }

  take(): string {
    return this.#text;
  }
}
