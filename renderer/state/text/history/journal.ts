import { z } from 'zod';
import type { StudioError } from '../../../../contract/errors.ts';
import { promptDocumentRecord } from '../../../../contract/texts/prompt.ts';
import { readRecord, upgradeNamed, writeRecord } from '../../../../contract/record.ts';
import type { RecordKind } from '../../../../contract/record.ts';
import type { BrowserStore } from '../../core/browser-store.ts';
import { besideNewer, findNewer } from '../../core/find-newer.ts';
import type { HistoryRecord } from './history.svelte.ts';
import { snapshotSchema } from '../snapshot.ts';
import type { Snapshot } from '../snapshot.ts';
import { upgradeJournalVersion1 } from './upgrade-journal-version-1.ts';

/** What survives a reload, a crash of the page and a crash of the core. */
export interface JournalRecord {
  readonly history: HistoryRecord<Snapshot>;
  /** Text typed that no document holds yet; null when all is in the history. */
  readonly pendingText: string | null;
}

const journalKey = 'dediffusion.journal.1';

const storedSchema = z.object({
  entries: z.array(z.object({ label: z.string(), atMs: z.number().catch(0), state: z.unknown() })).min(1),
  index: z.number().int().nonnegative(),
  pendingText: z.string().nullable(),
  /** Documents of version 1 whose candidates the core has not stored yet: upgrade-journal-version-1.ts. */
  unstored: z.array(z.unknown()).optional(),
});

const journalRecord: RecordKind<z.infer<typeof storedSchema>> = {
  name: 'journal',
  version: 2,
  schema: storedSchema,
  steps: [upgradeJournalVersion1],
  inside: (journal) => upgradeNamed(journal, new Map([['document', promptDocumentRecord]])),
};

/** Steps that are kept, fewer where there is less room. */
const keptSteps = [60, 15, 1];

/** Unsaved work in the browser's store. Written often and in one piece, so it is never half there. */
export class Journal {
  /** Why what lies in the store is neither read nor written over: a later studio left it. Null where there is nothing like that. */
  readonly newer: StudioError | null;
  readonly #store: BrowserStore;
  readonly #key: string;
  #unstored: readonly unknown[] = [];

  constructor(store: BrowserStore) {
    this.#store = store;
    this.newer = findNewer(journalRecord, store.read(journalKey));
    this.#key = this.newer === null ? journalKey : besideNewer(journalKey);
  }

  /** @returns false when the store has no room even for the present state, or keeps nothing; the store tells of it */
  write(history: (limit: number) => HistoryRecord<Snapshot>, pendingText: string | null): boolean {
    const store = (limit: number): string => {
      const { entries, index } = history(limit);
      const unstored = this.#unstored.length === 0 ? {} : { unstored: [...this.#unstored] };
      return JSON.stringify(writeRecord(journalRecord, { entries: [...entries], index, pendingText, ...unstored }));
    };
    const texts = function* (): Generator<string> {
      for (const limit of keptSteps) yield store(limit);
    };
    return this.#store.writeFirstThatFits(this.#key, texts());
  }

  /** What a journal of version 1 carried and the core has not stored yet: documents of that version. It is kept until `forgetStored`. */
  get unstored(): readonly unknown[] {
    return this.#unstored;
  }

  /** The core has stored these. */
  forgetStored(documents: readonly unknown[]): void {
    this.#unstored = this.#unstored.filter((document) => !documents.includes(document));
  }

  /** What was left, or null when there is nothing or it cannot be read. */
  read(): JournalRecord | null {
    const text = this.#store.read(this.#key);
    if (text === null) return null;
    try {
      const stored = readRecord(journalRecord, JSON.parse(text));
      this.#unstored = stored.unstored ?? [];
      const entries = stored.entries.map(({ label, atMs, state }) => ({
        label,
        atMs,
        state: snapshotSchema.parse(state),
      }));
      return { history: { entries, index: stored.index }, pendingText: stored.pendingText };
    } catch {
      // Kept under another name, so that nothing a person typed is thrown away.
      this.#store.rename(this.#key, `${this.#key}.unreadable`);
      return null;
    }
  }
}
