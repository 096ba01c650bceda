import { z } from 'zod';
import { upgradeStoredPrompts } from '../../../contract/prompt.ts';
import type { HistoryRecord } from './history.svelte.ts';
import { snapshotSchema } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

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
});

/** Unsaved work in the browser's store. Written often and in one piece, so it is never half there. */
export class Journal {
  readonly #store: Storage;

  constructor(store: Storage) {
    this.#store = store;
  }

  /** @returns false when the store has no room even for the present state; the caller says so. */
  write(history: (limit: number) => HistoryRecord<Snapshot>, pendingText: string | null): boolean {
    for (const limit of [60, 15, 1]) {
      try {
        const { entries, index } = history(limit);
        this.#store.setItem(journalKey, JSON.stringify({ entries, index, pendingText }));
        return true;
      } catch (failure) {
        if (!(failure instanceof DOMException)) throw failure;
      }
    }
    return false;
  }

  /** What was left, or null when there is nothing or it is from a studio this one does not understand. */
  read(): JournalRecord | null {
    const text = this.#store.getItem(journalKey);
    if (text === null) return null;
    try {
      const stored = storedSchema.parse(JSON.parse(text));
      const entries = stored.entries.map(({ label, atMs, state }) => ({
        label,
        atMs,
        // A text of an older studio opens without its candidates, which that journal kept beside it.
        state: snapshotSchema.parse(upgradeStoredPrompts(state)),
      }));
      return { history: { entries, index: stored.index }, pendingText: stored.pendingText };
    } catch {
      // Kept under another name, so that nothing a person typed is thrown away by a newer studio.
      this.#store.setItem(`${journalKey}.unreadable`, text);
      return null;
    }
  }
}
