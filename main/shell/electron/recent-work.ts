import { z } from 'zod';
import type { WorkReference } from '../../../contract/desktop.ts';
import { workReferenceSchema } from '../../../contract/desktop.ts';
import type { RecordKind } from '../../../contract/record.ts';
import type { JsonStore } from './json-store.ts';

interface WorkList {
  readonly works: readonly WorkReference[];
}

/** At first it was the bare list. */
const workListSchema: z.ZodType<WorkList> = z.preprocess(
  (stored) => (Array.isArray(stored) ? { works: stored } : stored),
  z.object({ works: z.array(workReferenceSchema) }),
);

export const recentWorkRecord: RecordKind<WorkList> = {
  name: 'list of recent work',
  version: 1,
  schema: workListSchema,
  steps: [],
};

const mostEntries = 12;

/** Pieces of work the File menu offers, the newest first. */
export class RecentWork {
  readonly #store: JsonStore<WorkList>;
  readonly #onChange: () => void;
  #entries: readonly WorkReference[];

  constructor(store: JsonStore<WorkList>, onChange: () => void) {
    this.#store = store;
    this.#onChange = onChange;
    this.#entries = store.read().works.slice(0, mostEntries);
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
    // What a later studio remembered stays.
    if (this.#store.newer === null) this.#store.write({ works: entries });
    this.#onChange();
  }
}
