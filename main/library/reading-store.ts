import { createHash } from 'node:crypto';
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { decodeReading } from '../../contract/texts/reading.ts';
import type { Reading } from '../../contract/texts/reading.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { writeWholeNow } from '../files/write-whole.ts';
import { ContentStore } from './content-store.ts';

/** The name of a reading's bytes: their sha256. */
export function nameReading(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What was read in pictures (contract/texts/reading.ts), each stored once under the sha256 of its bytes. */
export class ReadingStore {
  readonly #store: ContentStore;
  readonly #readOnly: boolean;

  constructor(folder: string, readOnly: boolean) {
    this.#store = new ContentStore(folder, 'reading');
    this.#readOnly = readOnly;
  }

  /** Makes the folder, and removes temporary files of a process that died. */
  create(): void {
    this.#store.create();
    this.#store.list(true);
  }

  /** Resolves to the name (sha256) of the bytes when they are on disk. Throws StudioError disk-full or file-unwritable. */
  async add(bytes: Uint8Array): Promise<string> {
    this.#refuseWhenReadOnly();
    return this.#store.put(bytes);
  }

  /**
   * The same at once: for a reading that is taken out of an item of an older version while the item is read. A library that is
   * read only keeps nothing, so that only the name is known.
   */
  readonly addNow = (bytes: Uint8Array): string => {
    const sha256 = nameReading(bytes);
    if (this.#readOnly || this.#store.has(sha256)) return sha256;
    const path = this.#store.pathOf(sha256);
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeWholeNow(path, bytes);
    } catch (cause) {
      throw toStorageError(cause, path);
    }
    return sha256;
  };

  has(sha256: string): boolean {
    return this.#store.has(sha256);
  }

  /** Where the bytes lie, for streaming. Throws StudioError not-found. */
  find(sha256: string): string {
    return this.#store.find(sha256);
  }

  /** Throws StudioError not-found, file-unreadable, record-newer, or library-damaged for bytes that are not those of the name. */
  async read(sha256: string): Promise<Reading> {
    return decodeReading(await this.#store.read(sha256));
  }

  /** Removes a reading; one that is gone already is as good. Throws StudioError file-unwritable. */
  remove(sha256: string): Promise<void> {
    return this.#store.remove(sha256);
  }

  /** The names of readings that were stored before a time, in milliseconds since 1970, and are not in `named`. */
  listLoose(beforeMs: number, named: ReadonlySet<string>): string[] {
    return [...this.#store.list(false)].filter((sha256) => {
      if (named.has(sha256)) return false;
      const facts = statSync(this.#store.pathOf(sha256), { throwIfNoEntry: false });
      return facts !== undefined && facts.mtimeMs < beforeMs;
    });
  }

  #refuseWhenReadOnly(): void {
    if (!this.#readOnly) return;
    const hint = 'Open the library for writing: close the other studio and try again.';
    throw new StudioError('file-unwritable', 'The library is open for reading only.', hint);
  }
}
