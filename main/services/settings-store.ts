import { readFile } from 'node:fs/promises';
import { StudioError } from '../../contract/errors.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import { coreSettingsRecord, coreSettingsSchema } from '../../contract/settings.ts';
import type { CoreSettings, CoreSettingsChange } from '../../contract/settings.ts';
import { setAside } from '../storage/set-aside.ts';
import { SerialQueue } from '../running/serial-queue.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

export interface SettingsStoreOptions {
  readonly file: string;
  /** False for a studio that may not write there: what it sets lasts as long as it does. */
  readonly remember: boolean;
  readonly clock: () => number;
  /** Hears of a file that cannot be read. */
  readonly onRepair: (sentence: string) => void;
}

const DEFAULTS: CoreSettings = {
  device: 'auto',
  memoryBudgetMb: null,
  unloadAfterIdleMinutes: 5,
  packId: null,
  pictureTexts: { recipe: true, a1111: false, comfyui: false },
  stripSaved: false,
};

/** What a person set for the core, and its file. */
export class SettingsStore {
  readonly #options: SettingsStoreOptions;
  readonly #writes = new SerialQueue();
  readonly #listeners = new Set<(settings: CoreSettings, before: CoreSettings) => void>();
  /** The file is of a later studio: it is left as it is. */
  readonly #newer: StudioError | null;
  #settings: CoreSettings;

  private constructor(options: SettingsStoreOptions, { settings, newer }: ReadSettings) {
    this.#options = options;
    this.#settings = settings;
    this.#newer = newer;
  }

  static async open(options: SettingsStoreOptions): Promise<SettingsStore> {
    return new SettingsStore(options, await readSettings(options));
  }

  get settings(): CoreSettings {
    return this.#settings;
  }

  /** Kept on disk before it holds. Throws StudioError record-newer, disk-full or file-unwritable; then nothing has changed. */
  update(change: CoreSettingsChange): Promise<CoreSettings> {
    return this.#writes.run(async () => {
      const before = this.#settings;
      const after = coreSettingsSchema.parse({ ...before, ...change });
      if (this.#options.remember) await this.#write(after);
      this.#settings = after;
      for (const listener of this.#listeners) listener(after, before);
      return after;
    });
  }

  async #write(settings: CoreSettings): Promise<void> {
    if (this.#newer !== null) throw this.#newer;
    const json = JSON.stringify(writeRecord(coreSettingsRecord, settings), null, 2);
    await writeFileDurably(this.#options.file, Buffer.from(`${json}\n`));
  }

  /** Calls back after every change; returns the way to stop. */
  subscribe(listener: (settings: CoreSettings, before: CoreSettings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

interface ReadSettings {
  readonly settings: CoreSettings;
  readonly newer: StudioError | null;
}

/** Fields that cannot be read take their default one by one, so that one bad value does not cost the others. */
async function readSettings({ file, remember, clock, onRepair }: SettingsStoreOptions): Promise<ReadSettings> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return { settings: DEFAULTS, newer: null };
  const { shape } = coreSettingsSchema;
  const tolerant = coreSettingsSchema.extend({
    device: shape.device.catch(DEFAULTS.device),
    memoryBudgetMb: shape.memoryBudgetMb.catch(DEFAULTS.memoryBudgetMb),
    unloadAfterIdleMinutes: shape.unloadAfterIdleMinutes.catch(DEFAULTS.unloadAfterIdleMinutes),
    packId: shape.packId.catch(DEFAULTS.packId),
    pictureTexts: shape.pictureTexts.catch(DEFAULTS.pictureTexts),
    stripSaved: shape.stripSaved.catch(DEFAULTS.stripSaved),
  });
  try {
    return { settings: readRecord({ ...coreSettingsRecord, schema: tolerant }, JSON.parse(text)), newer: null };
  } catch (cause) {
    if (cause instanceof StudioError) {
      onRepair(`${file}: ${cause.message} It was left as it is; the core starts with its own settings.`);
      return { settings: DEFAULTS, newer: cause };
    }
    const kept = remember ? `; the old ones are kept in ${setAside(file, clock())}` : '';
    onRepair(`The settings could not be read, so the core starts with its own${kept}.`);
    return { settings: DEFAULTS, newer: null };
  }
}
