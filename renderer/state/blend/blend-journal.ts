import type { StudioError } from '../../../contract/errors.ts';
import { readRecord, writeRecord } from '../../../contract/record.ts';
import type { BrowserStore } from '../core/browser-store.ts';
import { besideNewer, findNewer } from '../core/find-newer.ts';
import { blendRecord } from './blend-state.ts';
import type { BlendRecord } from './blend-state.ts';

const journalKey = 'dediffusion.blend.1';
/** Steps that are kept, fewer where there is less room. */
const keptSteps = [40, 10, 1];

/** The blend in the browser's store: what a person chose, typed and was given survives whatever happens to page and core. */
export class BlendJournal {
  /** Why what lies in the store is neither read nor written over: a later studio left it. Null where there is nothing like that. */
  readonly newer: StudioError | null;
  readonly #store: BrowserStore;
  readonly #key: string;

  constructor(store: BrowserStore) {
    this.#store = store;
    this.newer = findNewer(blendRecord, store.read(journalKey));
    this.#key = this.newer === null ? journalKey : besideNewer(journalKey);
  }

  /** @param record gives at most so many steps */
  write(record: (steps: number) => BlendRecord): boolean {
    const texts = function* (): Generator<string> {
      for (const steps of keptSteps) yield JSON.stringify(writeRecord(blendRecord, record(steps)));
    };
    return this.#store.writeFirstThatFits(this.#key, texts());
  }

  /** What was left, or null when there is nothing or it cannot be read. */
  read(): BlendRecord | null {
    const text = this.#store.read(this.#key);
    if (text === null) return null;
    try {
      return readRecord(blendRecord, JSON.parse(text));
    } catch {
      // Kept under another name, so that nothing a person typed is thrown away.
      this.#store.rename(this.#key, `${this.#key}.unreadable`);
      return null;
    }
  }
}
