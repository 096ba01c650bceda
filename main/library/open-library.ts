import { join, resolve } from 'node:path';
import { PictureReader } from '../image/picture-reader.ts';
import { BoardList } from './board-list.ts';
import { BoardsFile } from './boards-file.ts';
import { ContentStore } from './content-store.ts';
import { DiskLibrary } from './disk-library.ts';
import { isIndexCurrent } from './index/reconcile-index.ts';
import { ItemFiles } from './item-files.ts';
import type { Library } from './library.ts';
import { growingIndexFile, HeldIndex } from './index/held-index.ts';
import { lockLibrary } from './lock-library.ts';
import { createIndex, openIndex, openIndexReadOnly, removeIndexFiles } from './index/open-index.ts';
import { makeFolder } from '../files/make-folder.ts';
import { sweepStaged } from '../files/write-whole.ts';
import { IN_MEMORY } from '../storage/open-database.ts';
import { setAside } from '../storage/set-aside.ts';
import { RunningMark } from './running-mark.ts';
import { sweepImages } from './sweep-images.ts';
import { LibraryFindings } from './library-findings.ts';
import type { OpenedIndex } from './index/open-index.ts';
import { reconcileIndex } from './index/reconcile-index.ts';
import type { Stores } from './index/reconcile-index.ts';
import { PictureViews } from './picture-views.ts';
import { ReadingStore } from './reading-store.ts';
import { RemovalRecord } from './removal-record.ts';
import { runSteps } from './index/run-steps.ts';
import { toStorageError } from '../storage/to-storage-error.ts';

export interface OpenLibraryOptions {
  readonly folder: string;
  /** Opens beside a running host: takes no lock and writes nothing. A folder that does not exist is an empty library. */
  readonly readOnly?: boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Makes what is shown of pictures. Default: one of the library's own, started when the first is asked for. */
  readonly pictures?: PictureReader;
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
    views: new PictureViews(folder, options.pictures ?? new PictureReader()),
  };
  const place: Place = {
    folder,
    file: join(folder, 'index.sqlite'),
    stores,
    findings: new LibraryFindings(),
    clock: options.clock,
  };
  try {
    return options.readOnly === true ? openReadOnly(place) : open(place);
  } catch (cause) {
    throw toStorageError(cause, folder);
  }
}

/** What both ways of opening work with. */
interface Place {
  readonly folder: string;
  /** Path of the index. */
  readonly file: string;
  readonly stores: Stores;
  readonly findings: LibraryFindings;
  readonly clock: () => number;
}

function open(place: Place): Library {
  const { folder, file, stores, findings, clock } = place;
  makeFolder(folder, 'Set DEDIFFUSION_HOME to a folder that can be written, or let it go to use the usual one.');
  const unlock = lockLibrary(folder, clock, (sentence) => findings.mended(sentence));
  try {
    const running = new RunningMark(join(folder, 'running'));
    const diedMs = running.set();
    sweepStaged(folder);
    stores.items.create();
    stores.images.create();
    stores.readings.create();
    removeIndexFiles(growingIndexFile(file));
    const { index, state, aside } = openIndex(file, clock);
    const held = new HeldIndex(index, place);
    const before = held.use((used) => used.references());
    const problems = held.use((used) => runSteps(reconcileIndex(used, stores, true)));
    describe(
      findings,
      state,
      aside,
      held.use((used) => used.count()),
    );
    findings.add(...problems);
    const close = () => {
      running.remove();
      unlock();
    };
    const sweep = async () => {
      // An index that was made again does not know which items there were.
      if (diedMs !== null && state === 'kept' && held.current === index) await sweepImages(held.current, stores, before, diedMs);
      running.renew();
    };
    return new DiskLibrary({ ...place, ...openRecords(place, true, held), readOnly: false, index: held, unlock: close, sweep });
  } catch (cause) {
    unlock();
    throw cause;
  }
}

function openReadOnly(place: Place): Library {
  const { file, stores, findings } = place;
  const opened = openIndexReadOnly(file);
  let { index } = opened;
  if (opened.state !== 'kept' || !isIndexCurrent(index, stores.items)) {
    index.close();
    index = createIndex(IN_MEMORY);
    const problems = runSteps(reconcileIndex(index, stores, false));
    describe(findings, opened.state, null, index.count());
    findings.add(...problems);
  }
  const held = new HeldIndex(index, { ...place, file: IN_MEMORY });
  const nothing = { unlock: () => undefined, sweep: () => Promise.resolve() };
  return new DiskLibrary({ ...place, ...openRecords(place, false, held), ...nothing, readOnly: true, index: held });
}

/** What the library keeps beside items and images. */
function openRecords({ folder, findings, clock }: Place, mend: boolean, held: HeldIndex) {
  const aside = (path: string) => setAside(path, clock());
  const file = new BoardsFile(join(folder, 'boards.json'), findings);
  return {
    boards: new BoardList(
      file,
      file.read(mend ? aside : null),
      held.use((index) => index.boards()),
      clock,
    ),
    removals: new RemovalRecord(join(folder, 'removing.json'), (path) =>
      findings.mended(
        `The note of removals could not be read, so some pictures may lie on without an item; it is kept in ${aside(path)}.`,
      ),
    ),
  };
}

/** A library without items that never had an index has nothing wrong with it. */
function describe(findings: LibraryFindings, state: OpenedIndex['state'], aside: string | null, items: number): void {
  const made = `was made again from the stored items (${items})`;
  if (state === 'damaged')
    findings.mended(`The index was damaged and ${made}${aside === null ? '' : `; the old one is kept in ${aside}`}.`);
  if (state === 'missing' && items > 0) findings.add(`The index was missing and ${made}.`);
}
