/** The browser's store, in memory, with a limit on characters to try out a full one. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  readonly #mostCharacters: number;

  constructor(mostCharacters = 5_000_000) {
    this.#mostCharacters = mostCharacters;
  }

  [name: string]: unknown;

  get length(): number {
    return this.#items.size;
  }

  clear(): void {
    this.#items.clear();
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  setItem(key: string, value: string): void {
    if (value.length > this.#mostCharacters) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    this.#items.set(key, value);
  }
}
