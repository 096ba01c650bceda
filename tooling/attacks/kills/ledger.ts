/** The value of a thing that is there, whatever it holds. */
const ANY = '(anything)';

/** What the studio was found to hold: the value of each thing that is there, by its name. */
export type Holdings = ReadonlyMap<string, string>;

/**
 * What a studio has confirmed, thing by thing. While a change is on its way both values are right; once it was confirmed, only the new
 * one is, whatever dies then. What is gone (null) must stay gone.
 */
export class Ledger {
  readonly #right = new Map<string, Set<string | null>>();
  /** Changes that were confirmed. */
  confirmed = 0;

  /** A change was asked for. */
  intend(name: string, value: string | null): void {
    this.#right.set(name, new Set([...(this.#right.get(name) ?? []), value]));
  }

  confirm(name: string, value: string | null): void {
    this.confirmed += 1;
    this.#right.set(name, new Set([value]));
  }

  /** A thing that must be there from now on, unless it was asked to go. */
  confirmPresence(name: string): void {
    if (!this.#right.has(name)) this.confirm(name, ANY);
  }

  /** Nobody asks for it any more. */
  forget(name: string): void {
    this.#right.delete(name);
  }

  /** Names that begin with `start` of things that are there for certain. */
  names(start: string): string[] {
    return [...this.#right].filter(([name, right]) => name.startsWith(start) && !right.has(null)).map(([name]) => name);
  }

  /** @returns a sentence for everything that was confirmed and is not so. What was found is what is right from then on. */
  compare(found: Holdings): string[] {
    const faults: string[] = [];
    for (const [name, right] of this.#right) {
      const value = found.get(name) ?? null;
      if (!(right.has(value) || (right.has(ANY) && value !== null)))
        faults.push(`${name} is ${value ?? 'gone'}; it was confirmed as ${[...right].map((one) => one ?? 'gone').join(' or ')}`);
      this.#right.set(name, new Set([value]));
    }
    for (const [name, value] of found) if (!this.#right.has(name)) this.#right.set(name, new Set([value]));
    return faults;
  }
}
