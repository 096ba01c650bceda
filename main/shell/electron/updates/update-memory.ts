import { z } from 'zod';
import { StudioError } from '../../../../contract/errors.ts';
import { readRecord, writeRecord } from '../../../../contract/record.ts';
import type { RecordKind } from '../../../../contract/record.ts';
import { updateSettingsSchema } from '../../../../contract/updates.ts';
import type { UpdateSettings } from '../../../../contract/updates.ts';
import type { JsonStore } from '../json-store.ts';

const rememberedSchema = updateSettingsSchema.extend({
  /** When it was looked last, in milliseconds since the epoch. */
  checkedMs: z.number().int().nonnegative().nullable(),
});
type Remembered = z.infer<typeof rememberedSchema>;

const rememberedRecord: RecordKind<Remembered> = {
  name: 'choice about updates',
  version: 1,
  schema: rememberedSchema,
  steps: [],
};

const first: Remembered = { choice: 'ask', feed: null, checkedMs: null };

/** What a person chose about updates, and when it was looked last: `updates.json` beside the window's state. */
export class UpdateMemory {
  readonly #store: JsonStore<unknown>;
  /** The file is of a later studio: it is left as it is, and nothing is looked for by itself. */
  readonly #newer: StudioError | null = null;
  #values: Remembered = first;

  constructor(store: JsonStore<unknown>, note: (message: string) => void) {
    this.#store = store;
    const stored = store.read();
    if (stored === null) return;
    try {
      this.#values = readRecord(rememberedRecord, stored);
    } catch (cause) {
      if (cause instanceof StudioError) {
        this.#newer = cause;
        this.#values = { ...first, choice: 'off' };
      }
      note(cause instanceof StudioError ? cause.message : 'The choice about updates could not be read, so the first one holds.');
    }
  }

  get settings(): UpdateSettings {
    const { choice, feed } = this.#values;
    return { choice, feed };
  }

  get checkedMs(): number | null {
    return this.#values.checkedMs;
  }

  /** Throws StudioError `record-newer`, `disk-full` or `file-unwritable`, and then nothing has changed. */
  keep(change: Partial<Remembered>): void {
    if (this.#newer !== null) throw this.#newer;
    const values = { ...this.#values, ...change };
    this.#store.write(writeRecord(rememberedRecord, values));
    this.#values = values;
  }
}
