import { readFile } from 'node:fs/promises';
import { coreSettingsSchema } from '../../contract/settings.ts';
import type { CoreSettings, CoreSettingsChange } from '../../contract/settings.ts';
import { SerialLane } from '../storage/serial-lane.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

export interface SettingsStoreOptions {
  readonly file: string;
  /** False for a studio that may not write there: what it sets lasts as long as it does. */
  readonly remember: boolean;
  readonly note: (message: string) => void;
}

const DEFAULTS: CoreSettings = { device: 'auto', memoryBudgetMb: null, unloadAfterIdleMinutes: 5, packId: null };

/** What a person set for the core, and its file. */
export class SettingsStore {
  readonly #options: SettingsStoreOptions;
  readonly #writes = new SerialLane();
  readonly #listeners = new Set<(settings: CoreSettings, before: CoreSettings) => void>();
  #settings: CoreSettings;

  private constructor(options: SettingsStoreOptions, settings: CoreSettings) {
    this.#options = options;
    this.#settings = settings;
  }

  static async open(options: SettingsStoreOptions): Promise<SettingsStore> {
    return new SettingsStore(options, await readSettings(options));
  }

  get settings(): CoreSettings {
    return this.#settings;
  }

  /** Kept on disk before it holds. Throws StudioError disk-full or file-unwritable; then nothing has changed. */
  update(change: CoreSettingsChange): Promise<CoreSettings> {
    return this.#writes.run(async () => {
      const before = this.#settings;
      const after = coreSettingsSchema.parse({ ...before, ...change });
      if (this.#options.remember) await writeFileDurably(this.#options.file, Buffer.from(`${JSON.stringify(after, null, 2)}\n`));
      this.#settings = after;
      for (const listener of this.#listeners) listener(after, before);
      return after;
    });
  }

  /** Calls back after every change; returns the way to stop. */
  subscribe(listener: (settings: CoreSettings, before: CoreSettings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Fields that cannot be read take their default one by one, so that one bad value does not cost the others. */
async function readSettings({ file, note }: SettingsStoreOptions): Promise<CoreSettings> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return DEFAULTS;
  const { shape } = coreSettingsSchema;
  const tolerant = coreSettingsSchema.extend({
    device: shape.device.catch(DEFAULTS.device),
    memoryBudgetMb: shape.memoryBudgetMb.catch(DEFAULTS.memoryBudgetMb),
    unloadAfterIdleMinutes: shape.unloadAfterIdleMinutes.catch(DEFAULTS.unloadAfterIdleMinutes),
    packId: shape.packId.catch(DEFAULTS.packId),
  });
  try {
    return tolerant.parse(JSON.parse(text));
  } catch {
    note('The settings could not be read, so the core starts with its own.');
    return DEFAULTS;
  }
}
