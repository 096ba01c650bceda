import type { ErrorBody } from '../../../contract/errors.ts';
import { say } from '../../language/say.ts';

/** Why the browser did not keep something: it lets the page keep nothing, or there is no room left. */
export type StoreTrouble = 'blocked' | 'full';

/** What a person is told. */
export function describeStoreTrouble(trouble: StoreTrouble): ErrorBody {
  return trouble === 'blocked'
    ? { code: 'file-unwritable', message: say('status.storeBlocked'), hint: say('status.storeBlocked.hint'), details: {} }
    : { code: 'disk-full', message: say('status.storeFull'), hint: say('status.storeFull.hint'), details: {} };
}

/**
 * The browser's store, and the one way to it. A browser may refuse it altogether (blocked site data) or run out of room, at any call;
 * nothing here throws. What went wrong is told: once that nothing is kept, and that the store is full once for each name until
 * something can be written under that name again.
 */
export class BrowserStore {
  readonly #open: () => Storage;
  readonly #onTrouble: (trouble: StoreTrouble) => void;
  readonly #full = new Set<string>();
  #blocked = false;

  /** @param open gives the store; may throw, as `localStorage` does where site data is blocked */
  constructor(open: () => Storage, onTrouble: (trouble: StoreTrouble) => void) {
    this.#open = open;
    this.#onTrouble = onTrouble;
  }

  /** What is kept under a name; null when there is nothing, or no store. */
  read(name: string): string | null {
    try {
      return this.#open().getItem(name);
    } catch {
      this.#tellBlocked();
      return null;
    }
  }

  /** @returns false when it is not kept; what was kept under the name before is then as it was */
  write(name: string, text: string): boolean {
    return this.writeFirstThatFits(name, [text]);
  }

  /** Keeps the first of ever shorter texts that there is room for; none is made where the browser keeps nothing. The store is full only when the last one does not fit. */
  writeFirstThatFits(name: string, texts: Iterable<string>): boolean {
    if (this.#blocked) return false;
    for (const text of texts) {
      try {
        this.#open().setItem(name, text);
        this.#full.delete(name);
        return true;
      } catch (failure) {
        if (isOutOfRoom(failure)) continue;
        this.#tellBlocked();
        return false;
      }
    }
    if (!this.#full.has(name)) this.#onTrouble('full');
    this.#full.add(name);
    return false;
  }

  /**
   * Gives what is kept under `from` another name. It is taken away before it is written again, so that it never needs room twice.
   * @returns false when it could not be; it is then under its old name
   */
  rename(from: string, to: string): boolean {
    const text = this.read(from);
    if (text === null) return false;
    try {
      this.#open().removeItem(from);
    } catch {
      this.#tellBlocked();
      return false;
    }
    // Where the longer name is what does not fit, the old one still does.
    if (this.write(to, text)) return true;
    this.write(from, text);
    return false;
  }

  #tellBlocked(): void {
    if (!this.#blocked) this.#onTrouble('blocked');
    this.#blocked = true;
  }
}

function isOutOfRoom(failure: unknown): boolean {
  return failure instanceof DOMException && /quota/i.test(failure.name);
}
