import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BoardList } from './board-list.ts';
import { BoardsFile } from './boards-file.ts';
import { ContentStore } from './content-store.ts';
import { DiskLibrary } from './disk-library.ts';
import { isIndexCurrent } from './index/is-index-current.ts';
import { ItemFiles } from './item-files.ts';
import type { Library } from './library.ts';
import { growingIndexFile, HeldIndex } from './index/held-index.ts';
import type { LibraryIndex } from './index/library-index.ts';
import { lockLibrary } from './lock-library.ts';
import { createIndex, IN_MEMORY, openIndex, openIndexReadOnly, removeIndexFiles } from './index/open-index.ts';
import type { OpenedIndex } from './index/open-index.ts';
import { reconcileIndex } from './index/reconcile-index.ts';
import type { Stores } from './index/reconcile-index.ts';
import { ReadingStore } from './reading-store.ts';
import { RemovalRecord } from './removal-record.ts';
import { runSteps } from './index/run-steps.ts';
import { ThumbnailStore } from './thumbnail-store.ts';
import { toStorageError } from '../storage/to-storage-error.ts';

export interface OpenLibraryOptions {
  readonly folder: string;
  /** Opens beside a running host: takes no lock and writes nothing. A folder that does not exist is an empty library. */
  readonly readOnly?: boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * Opens a library, or makes one. The index is compared with the stored items and mended; an index that is missing or
 * damaged is made again. What was found wrong is in `problems` of the result.
 * Throws StudioError library-in-use, file-unwritable or disk-full.
 */
export function openLibrary(options: OpenLibraryOptions): Library {
  const folder = resolve(options.folder);
  const stores: Stores = {
    items: new ItemFiles(join(folder, 'items')),
    images: new ContentStore(join(folder, 'images'), 'picture'),
    readings: new ReadingStore(join(folder, 'readings'), options.readOnly === true),
    thumbnails: new ThumbnailStore(join(folder, 'thumbnails')),
  };
  const file = join(folder, 'index.sqlite');
  try {
    return options.readOnly === true
      ? openReadOnly(folder, file, stores, options.clock)
      : open(folder, file, stores, options.clock);
  } catch (cause) {
    throw toStorageError(cause, folder);
  }
}

function open(folder: string, file: string, stores: Stores, clock: () => number): Library {
  mkdirSync(folder, { recursive: true });
  const unlock = lockLibrary(folder);
  try {
    stores.items.create();
    stores.images.create();
    stores.readings.create();
    removeIndexFiles(growingIndexFile(file));
    const { index, state } = openIndex(file);
    const problems = runSteps(reconcileIndex(index, stores, true));
    problems.unshift(...describe(state, index.count()));
    const parts = { folder, readOnly: false, clock, stores, problems, ...openRecords(folder, true, index, problems, clock) };
    return new DiskLibrary({ ...parts, index: new HeldIndex(index, file, stores, problems), unlock });
  } catch (cause) {
    unlock();
    throw cause;
  }
}

function openReadOnly(folder: string, file: string, stores: Stores, clock: () => number): Library {
  const opened = openIndexReadOnly(file);
  let { index } = opened;
  const problems: string[] = [];
  if (opened.state !== 'kept' || !isIndexCurrent(index, stores.items)) {
    index.close();
    index = createIndex(IN_MEMORY);
    problems.push(...runSteps(reconcileIndex(index, stores, false)));
    problems.unshift(...describe(opened.state, index.count()));
  }
  const parts = { folder, readOnly: true, clock, stores, problems, ...openRecords(folder, false, index, problems, clock) };
  return new DiskLibrary({ ...parts, index: new HeldIndex(index, IN_MEMORY, stores, problems), unlock: () => undefined });
}

/** What the library keeps beside items and images. */
function openRecords(folder: string, mend: boolean, index: LibraryIndex, problems: string[], clock: () => number) {
  const file = new BoardsFile(join(folder, 'boards.json'));
  const read = file.read(mend);
  problems.push(...read.problems);
  return {
    boards: new BoardList(file, read.boards, index.boards(), clock),
    removals: new RemovalRecord(join(folder, 'removing.json')),
  };
}

/** A library without items that never had an index has nothing wrong with it. */
function describe(state: OpenedIndex['state'], items: number): string[] {
  if (state === 'damaged') return [`The index was damaged and was made again from the stored items (${items}).`];
  if (state === 'missing' && items > 0) return [`The index was missing and was made again from the stored items (${items}).`];
  return [];
}
