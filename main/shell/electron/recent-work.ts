import { z } from 'zod';
import type { WorkReference } from '../../../contract/desktop.ts';
import { workReferenceSchema } from '../../../contract/desktop.ts';
import type { JsonStore } from './json-store.ts';

export const recentWorkSchema = z.array(workReferenceSchema);

const mostEntries = 12;

/** Pieces of work the File menu offers, the newest first. */
export class RecentWork {
  readonly #store: JsonStore<WorkReference[]>;
  readonly #onChange: () => void;
  #entries: readonly WorkReference[];

  constructor(store: JsonStore<WorkReference[]>, onChange: () => void) {
    this.#store = store;
    this.#onChange = onChange;
    this.#entries = store.read().slice(0, mostEntries);
  }

  get entries(): readonly WorkReference[] {
    return this.#entries;
  }

  note(work: WorkReference): void {
    const [newest] = this.#entries;
    if (newest?.itemId === work.itemId && newest.title === work.title) return;
    this.#keep([work, ...this.#entries.filter(({ itemId }) => itemId !== work.itemId)].slice(0, mostEntries));
  }

  clear(): void {
    this.#keep([]);
  }

  #keep(entries: readonly WorkReference[]): void {
    this.#entries = entries;
    this.#store.write([...entries]);
    this.#onChange();
  }
}
