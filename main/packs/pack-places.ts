import { readFile } from 'node:fs/promises';
import { StudioError } from '../../contract/errors.ts';
import { packPlacesRecord } from '../../contract/models/pack.ts';
import { readRecord, writeRecord } from '../../contract/record.ts';
import { SerialQueue } from '../running/serial-queue.ts';
import { setAside } from '../storage/set-aside.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';

export interface PackPlacesOptions {
  readonly file: string;
  /** False for a studio that may not write there. */
  readonly remember: boolean;
  /** Hears of a file that cannot be read. */
  readonly onRepair: (sentence: string) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Where packs lie that were moved out of the packs folder, and the file of it. */
export class PackPlaces {
  readonly #options: PackPlacesOptions;
  readonly #writes = new SerialQueue();
  /** The file is of a later studio: it is left as it is. */
  readonly #newer: StudioError | null;
  #folders: readonly string[];

  private constructor(options: PackPlacesOptions, folders: readonly string[], newer: StudioError | null) {
    this.#options = options;
    this.#folders = folders;
    this.#newer = newer;
  }

  /** A file that cannot be read is put aside, and no pack lies elsewhere. */
  static async open(options: PackPlacesOptions): Promise<PackPlaces> {
    const { file, remember, onRepair, clock } = options;
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) return new PackPlaces(options, [], null);
    try {
      return new PackPlaces(options, readRecord(packPlacesRecord, JSON.parse(text)).folders, null);
    } catch (cause) {
      const remedy = 'move those models again, or install them anew';
      if (cause instanceof StudioError) {
        onRepair(`The list of models in other folders is of a newer version and was left as it is: ${remedy}.`);
        return new PackPlaces(options, [], cause);
      }
      const kept = remember ? `; the old one is kept in ${setAside(file, clock())}` : '';
      onRepair(`The list of models in other folders could not be read: ${remedy}${kept}.`);
      return new PackPlaces(options, [], null);
    }
  }

  /** Absolute paths. */
  get folders(): readonly string[] {
    return this.#folders;
  }

  /** Throws StudioError record-newer, disk-full or file-unwritable; then nothing has changed. */
  change(gone: string, added: string | null): Promise<void> {
    return this.#writes.run(async () => {
      const folders = [...this.#folders.filter((one) => one !== gone && one !== added), ...(added === null ? [] : [added])];
      if (folders.length === this.#folders.length && folders.every((one, index) => one === this.#folders[index])) return;
      if (this.#newer !== null) throw this.#newer;
      const json = JSON.stringify(writeRecord(packPlacesRecord, { folders }), null, 2);
      if (this.#options.remember) await writeFileDurably(this.#options.file, Buffer.from(`${json}\n`));
      this.#folders = folders;
    });
  }
}
