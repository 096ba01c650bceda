import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { idSchema } from '../../contract/identity.ts';
import { libraryItemRecord, recordsOfAnItem } from '../../contract/library.ts';
import type { LibraryItem } from '../../contract/library.ts';
import { readRecord, upgradeNamed, writeRecord } from '../../contract/record.ts';
import type { RecordKind } from '../../contract/record.ts';
import type { FileStamp } from '../files/file-stamp.ts';
import { stageFile } from '../storage/stage-file.ts';
import type { StagedFile } from '../storage/stage-file.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { syncFolder } from '../files/sync-folder.ts';
import { STAGED_SUFFIX } from '../files/write-whole.ts';
import { nameReading } from './reading-store.ts';
import { nameOlderReadings } from './name-older-readings.ts';

const SUFFIX = '.json';

/** What lies in the items folder: the files by id, names that are no item, and ids whose last write never finished. */
export interface ItemListing {
  readonly stamps: ReadonlyMap<string, FileStamp>;
  readonly strangers: readonly string[];
  readonly unfinished: ReadonlySet<string>;
}

export type ReadItem =
  | { readonly item: LibraryItem }
  /** `instead`: what to say where the file is not damaged: a later studio wrote it, or the system did not give it. */
  | { readonly problem: string; readonly instead: StudioError | null };

/** Library items as files, `<folder>/<id>.json`: the truth the index is made from. */
export class ItemFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  create(): void {
    mkdirSync(this.#folder, { recursive: true });
  }

  /** With `sweep`, temporary files left by a process that died are removed. */
  list(sweep: boolean): ItemListing {
    const stamps = new Map<string, FileStamp>();
    const strangers: string[] = [];
    const unfinished = new Set<string>();
    if (!existsSync(this.#folder)) return { stamps, strangers, unfinished };
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      if (name.endsWith(STAGED_SUFFIX)) {
        unfinished.add(name.slice(0, Math.max(0, name.indexOf(SUFFIX))));
        if (sweep) rmSync(path, { force: true });
        continue;
      }
      const id = name.slice(0, -SUFFIX.length);
      const facts = statSync(path, { throwIfNoEntry: false });
      if (!name.endsWith(SUFFIX) || !idSchema.safeParse(id).success || !facts?.isFile()) strangers.push(name);
      else stamps.set(id, { modifiedMs: facts.mtimeMs, bytes: facts.size });
    }
    return { stamps, strangers, unfinished };
  }

  /**
   * Never throws: an item that cannot be read is a sentence in the report, and its file stays where it is.
   * @param name what becomes of a reading that an older text carries: stored, or only named. Returns its sha256.
   */
  read(id: string, name: (bytes: Uint8Array) => string = nameReading): ReadItem {
    const path = this.#pathOf(id);
    try {
      const item = readRecord(kindOfItem(name), JSON.parse(readFileSync(path, 'utf8')));
      return item.id === id ? { item } : { problem: describe(path, `it holds the item ${item.id}`), instead: null };
    } catch (cause) {
      if (cause instanceof StudioError && cause.code === 'record-newer') {
        return { problem: `${path}: ${cause.message} It was left as it is.`, instead: cause };
      }
      const instead = notGiven(path, cause);
      const reason = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll('\n', ' ') : messageOf(cause);
      return { problem: describe(path, reason), instead };
    }
  }

  /** Whether one of these files, whatever it holds, has the name of a picture in it. Throws StudioError file-unreadable. */
  mention(ids: readonly string[], sha256: string): boolean {
    return ids.some((id) => {
      const path = this.#pathOf(id);
      try {
        return readFileSync(path, 'utf8').includes(sha256);
      } catch (cause) {
        const hint = 'Check the disk and the rights of that file.';
        throw new StudioError('file-unreadable', `${path} cannot be read.`, hint, { path }, cause);
      }
    });
  }

  /** Throws StudioError disk-full or file-unwritable. */
  stage(item: LibraryItem): Promise<StagedFile> {
    return stageFile(this.#pathOf(item.id), Buffer.from(JSON.stringify(writeRecord(libraryItemRecord, item))));
  }

  /** Removes files; one that is gone already is as good. Resolves when the folder is flushed. Throws StudioError file-unwritable. */
  async remove(ids: readonly string[]): Promise<void> {
    try {
      await Promise.all(ids.map((id) => rm(this.#pathOf(id), { force: true })));
      await syncFolder(this.#folder);
    } catch (cause) {
      throw toStorageError(cause, this.#folder);
    }
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}${SUFFIX}`);
  }
}

function kindOfItem(name: (bytes: Uint8Array) => string): RecordKind<LibraryItem> {
  const records = nameOlderReadings(recordsOfAnItem, name);
  return { ...libraryItemRecord, inside: (item) => upgradeNamed(item, records) };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function describe(path: string, reason: string): string {
  return `${path} could not be read as an item and was left as it is: ${reason}`;
}

/** What the system said to a file that is there: with too many files open, or without rights, nothing is known of what it holds. */
function notGiven(path: string, cause: unknown): StudioError | null {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'ENOENT';
  if (reason === 'ENOENT') return null;
  const isCrowded = reason === 'EMFILE' || reason === 'ENFILE';
  return new StudioError(
    'file-unreadable',
    `${path} cannot be read${isCrowded ? ': too many files are open' : ''}.`,
    isCrowded ? 'Close other programs, then try again.' : 'Check the disk and the rights of that file.',
    { path, reason },
    cause,
  );
}
