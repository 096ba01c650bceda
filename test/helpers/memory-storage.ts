/** The browser's store, in memory, with a limit on all its characters, names included, as a browser has. */
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

  names(): readonly string[] {
    return [...this.#items.keys()];
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  setItem(key: string, value: string): void {
    const others = [...this.#items].filter(([name]) => name !== key);
    const taken = others.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
    if (taken + key.length + value.length > this.#mostCharacters)
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    this.#items.set(key, value);
  }
}
