import { setImmediate } from 'node:timers/promises';
import { renamePatientlyNow } from '../../rename-patiently.ts';
import { isIndexDamage } from './is-index-damage.ts';
import type { LibraryIndex } from './library-index.ts';
import { createIndex, IN_MEMORY, openIndex } from './open-index.ts';
import { reconcileIndex } from './reconcile-index.ts';
import type { Stores } from './reconcile-index.ts';
import { runSteps } from './run-steps.ts';

/** Where a new index grows while the old one is in use. */
export function growingIndexFile(file: string): string {
  return `${file}.new`;
}

/** The index in use, which is made again when it turns out to be damaged or when asked. */
export class HeldIndex {
  readonly #file: string;
  readonly #stores: Stores;
  readonly #problems: string[];
  #index: LibraryIndex;

  /**
   * @param file Path of the index, or IN_MEMORY.
   * @param problems Receives a sentence for each thing found wrong.
   */
  constructor(index: LibraryIndex, file: string, stores: Stores, problems: string[]) {
    this.#index = index;
    this.#file = file;
    this.#stores = stores;
    this.#problems = problems;
  }

  get current(): LibraryIndex {
    return this.#index;
  }

  /** Uses the index; one that turns out to be damaged is made again from the items and used once more. */
  use<T>(work: (index: LibraryIndex) => T): T {
    try {
      return work(this.#index);
    } catch (cause) {
      if (!isIndexDamage(cause)) throw cause;
      this.#problems.push(`The index was damaged and was made again from the stored items: ${String(cause)}`);
      this.#index.close();
      this.#index = this.#replace();
      this.#problems.push(...runSteps(reconcileIndex(this.#index, this.#stores, false)));
      return work(this.#index);
    }
  }

  /** Makes a new index beside the one in use, giving way between steps, and changes over when it is whole. No write may run meanwhile. */
  async rebuild(): Promise<string[]> {
    const inMemory = this.#file === IN_MEMORY;
    const growing = createIndex(inMemory ? IN_MEMORY : growingIndexFile(this.#file));
    let whole = false;
    try {
      const steps = reconcileIndex(growing, this.#stores, !inMemory);
      let step = steps.next();
      while (step.done !== true) {
        await setImmediate();
        step = steps.next();
      }
      whole = true;
      return step.value;
    } finally {
      if (whole) this.#changeOver(growing, inMemory);
      else growing.close();
    }
  }

  close(): void {
    this.#index.close();
  }

  #changeOver(growing: LibraryIndex, inMemory: boolean): void {
    this.#index.close();
    if (inMemory) {
      this.#index = growing;
      return;
    }
    // Closing writes the log back into the file, so that the rename moves all of it.
    growing.close();
    renamePatientlyNow(growingIndexFile(this.#file), this.#file);
    this.#index = openIndex(this.#file).index;
  }

  /** A new index, in memory where the disk takes none: the studio then works on, and the next start tries again. */
  #replace(): LibraryIndex {
    try {
      return createIndex(this.#file);
    } catch (cause) {
      this.#problems.push(`The index cannot be written and is kept in memory until the next start: ${String(cause)}`);
      return createIndex(IN_MEMORY);
    }
  }
}
