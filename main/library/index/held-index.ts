import { setImmediate } from 'node:timers/promises';
import { renamePatientlyNow } from '../../files/rename-patiently.ts';
import { isIndexDamage } from './is-index-damage.ts';
import type { LibraryIndex } from './library-index.ts';
import { IN_MEMORY } from '../../storage/open-database.ts';
import { setAside } from '../../storage/set-aside.ts';
import type { LibraryFindings } from '../library-findings.ts';
import { createIndex, openIndex, removeIndexFiles } from './open-index.ts';
import { reconcileIndex } from './reconcile-index.ts';
import type { Stores } from './reconcile-index.ts';
import { runSteps } from './run-steps.ts';

/** Where a new index grows while the old one is in use. */
export function growingIndexFile(file: string): string {
  return `${file}.new`;
}

export interface HeldIndexParts {
  /** Path of the index, or IN_MEMORY. */
  readonly file: string;
  readonly stores: Stores;
  readonly findings: LibraryFindings;
  readonly clock: () => number;
}

/** The index in use, which is made again when it turns out to be damaged or when asked. */
export class HeldIndex {
  readonly #parts: HeldIndexParts;
  #index: LibraryIndex;

  constructor(index: LibraryIndex, parts: HeldIndexParts) {
    this.#index = index;
    this.#parts = parts;
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
      this.#index.close();
      this.#index = this.#replace(cause);
      this.#parts.findings.add(...runSteps(reconcileIndex(this.#index, this.#parts.stores, false)));
      return work(this.#index);
    }
  }

  /** Makes a new index beside the one in use, giving way between steps, and changes over when it is whole. No write may run meanwhile. */
  async rebuild(): Promise<string[]> {
    const { file, stores } = this.#parts;
    const inMemory = file === IN_MEMORY;
    const growing = createIndex(inMemory ? IN_MEMORY : growingIndexFile(file));
    let whole = false;
    try {
      const steps = reconcileIndex(growing, stores, !inMemory);
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
    const { file, clock } = this.#parts;
    renamePatientlyNow(growingIndexFile(file), file);
    removeIndexFiles(growingIndexFile(file));
    this.#index = openIndex(file, clock).index;
  }

  /** A new index, in memory where the disk takes none: the studio then works on, and the next start tries again. */
  #replace(cause: unknown): LibraryIndex {
    const { file, findings, clock } = this.#parts;
    const reason = `The index was damaged and was made again from the stored items (${String(cause)})`;
    try {
      const aside = file === IN_MEMORY ? null : setAside(file, clock());
      const index = createIndex(file);
      findings.mended(aside === null ? `${reason}.` : `${reason}; the old one is kept in ${aside}.`);
      return index;
    } catch (failure) {
      findings.mended(`${reason}. It cannot be written and is kept in memory until the next start: ${String(failure)}`);
      return createIndex(IN_MEMORY);
    }
  }
}
