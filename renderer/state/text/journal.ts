import { z } from 'zod';
import { StudioError } from '../../../contract/errors.ts';
import { alternativeSchema } from '../../../contract/prompt.ts';
import type { BrowserStore } from '../core/browser-store.ts';
import { readRecord, upgradeRecord, writeRecord } from '../../../contract/record.ts';
import type { RecordKind } from '../../../contract/record.ts';
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
/** Where this studio keeps its own work as long as a later one's lies under the other key. */
const besideKey = `${journalKey}.beside-newer`;

const heavySchema = z.object({ alternatives: z.array(alternativeSchema), attention: z.array(z.number()).nullable() });
const storedSchema = z.object({
  heavy: z.array(heavySchema),
  entries: z.array(z.object({ label: z.string(), atMs: z.number().catch(0), state: z.unknown() })).min(1),
  index: z.number().int().nonnegative(),
  pendingText: z.string().nullable(),
});

const journalRecord: RecordKind<z.infer<typeof storedSchema>> = {
  name: 'journal',
  version: 1,
  schema: storedSchema,
  steps: [],
};

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
  const { history, pendingText } = record;
  return JSON.stringify(writeRecord(journalRecord, { heavy, entries, index: history.index, pendingText }));
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

/** Steps that are kept, fewer where there is less room. */
const keptSteps = [60, 15, 1];

/** Unsaved work in the browser's store. Written often and in one piece, so it is never half there. */
export class Journal {
  /** Why what lies in the store is neither read nor written over: a later studio left it. Null where there is nothing like that. */
  readonly newer: StudioError | null;
  readonly #store: BrowserStore;
  readonly #key: string;

  constructor(store: BrowserStore) {
    this.#store = store;
    this.newer = findNewer(store.read(journalKey));
    this.#key = this.newer === null ? journalKey : besideKey;
  }

  /** @returns false when the store has no room even for the present state, or keeps nothing; the store tells of it */
  write(history: (limit: number) => HistoryRecord<Snapshot>, pendingText: string | null): boolean {
    const texts = function* (): Generator<string> {
      for (const limit of keptSteps) yield pack({ history: history(limit), pendingText });
    };
    return this.#store.writeFirstThatFits(this.#key, texts());
  }

  /** What was left, or null when there is nothing or it cannot be read. */
  read(): JournalRecord | null {
    const text = this.#store.read(this.#key);
    if (text === null) return null;
    try {
      const stored = readRecord(journalRecord, JSON.parse(text));
      const entries = stored.entries.map(({ label, atMs, state }) => ({
        label,
        atMs,
        state: unpackState(state, stored.heavy),
      }));
      return { history: { entries, index: stored.index }, pendingText: stored.pendingText };
    } catch {
      // Kept under another name, so that nothing a person typed is thrown away.
      this.#store.rename(this.#key, `${this.#key}.unreadable`);
      return null;
    }
  }
}

function findNewer(text: string | null): StudioError | null {
  if (text === null) return null;
  try {
    upgradeRecord(journalRecord, JSON.parse(text));
  } catch (cause) {
    // What cannot be read at all is met again by `read`.
    return cause instanceof StudioError ? cause : null;
  }
  return null;
}
