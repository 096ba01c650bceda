import { z } from 'zod';
import { alternativeSchema } from '../../../contract/reading.ts';
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

const heavySchema = z.object({ alternatives: z.array(alternativeSchema), attention: z.array(z.number()).nullable() });
const storedSchema = z.object({
  heavy: z.array(heavySchema),
  entries: z.array(z.object({ label: z.string(), atMs: z.number().catch(0), state: z.unknown() })).min(1),
  index: z.number().int().nonnegative(),
  pendingText: z.string().nullable(),
});

type Heavy = z.infer<typeof heavySchema>;

/**
 * Alternatives and attention are most of a document's bytes and the same in every step of a history,
 * so each is written once and slots point at it by number; otherwise fifty steps would not fit in the browser's store.
 */
function pack(record: JournalRecord): string {
  const heavy: Heavy[] = [];
  const places = new Map<string, number>();
  const place = (value: Heavy): number => {
    const key = JSON.stringify(value);
    const known = places.get(key);
    if (known !== undefined) return known;
    heavy.push(value);
    places.set(key, heavy.length - 1);
    return heavy.length - 1;
  };
  const entries = record.history.entries.map(({ label, atMs, state }) => ({
    label,
    atMs,
    state: {
      ...state,
      versions: Object.fromEntries(
        Object.entries(state.versions).map(([key, version]) => [
          key,
          {
            ...version,
            document: {
              ...version.document,
              slots: version.document.slots.map(({ alternatives, attention, ...light }) => ({
                ...light,
                heavy: place({
                  alternatives,
                  attention: attention === null ? null : attention.map((share) => Math.round(share * 1e4) / 1e4),
                }),
              })),
            },
          },
        ]),
      ),
    },
  }));
  return JSON.stringify({ heavy, entries, index: record.history.index, pendingText: record.pendingText });
}

const packedStateSchema = z.looseObject({
  versions: z.record(
    z.string(),
    z.looseObject({ document: z.looseObject({ slots: z.array(z.looseObject({ heavy: z.number().int() })) }) }),
  ),
});

function unpackState(state: unknown, heavy: readonly Heavy[]): Snapshot {
  const packed = packedStateSchema.parse(state);
  for (const version of Object.values(packed.versions)) {
    version.document.slots = version.document.slots.map((slot) => ({ ...slot, ...heavy[slot.heavy] }));
  }
  return snapshotSchema.parse(packed);
}

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
        this.#store.setItem(journalKey, pack({ history: history(limit), pendingText }));
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
        state: unpackState(state, stored.heavy),
      }));
      return { history: { entries, index: stored.index }, pendingText: stored.pendingText };
    } catch {
      // Kept under another name, so that nothing a person typed is thrown away by a newer studio.
      this.#store.setItem(`${journalKey}.unreadable`, text);
      return null;
    }
  }
}
