import { z } from 'zod';
import type { RecordKind } from '../../../../contract/record.ts';
import { updateSettingsSchema } from '../../../../contract/outside/updates.ts';
import type { UpdateSettings } from '../../../../contract/outside/updates.ts';
import type { JsonStore } from '../json-store.ts';

const rememberedSchema = updateSettingsSchema.extend({
  /** When it was looked last, in milliseconds since the epoch. */
  checkedMs: z.number().int().nonnegative().nullable(),
});
type Remembered = z.infer<typeof rememberedSchema>;

export const updateMemoryRecord: RecordKind<Remembered> = {
  name: 'choice about updates',
  version: 1,
  schema: rememberedSchema,
  steps: [],
};

export const firstUpdateMemory: Remembered = { choice: 'ask', feed: null, checkedMs: null };

/** What a person chose about updates, and when it was looked last: `updates.json` beside the window's state. */
export class UpdateMemory {
  readonly #store: JsonStore<Remembered>;
  #values: Remembered;

  constructor(store: JsonStore<Remembered>) {
    this.#store = store;
    const values = store.read();
    // What a later studio chose is left as it is, and nothing is looked for by itself.
    this.#values = store.newer === null ? values : { ...values, choice: 'off' };
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
    const values = { ...this.#values, ...change };
    this.#store.write(values);
    this.#values = values;
  }
}
