import type { ContentStore } from '../content-store.ts';
import type { ItemFiles } from '../item-files.ts';
import type { FileStamp } from '../../files/file-stamp.ts';
import type { LibraryIndex } from './library-index.ts';
import type { PictureViews } from '../picture-views.ts';
import type { ReadingStore } from '../reading-store.ts';

export interface Stores {
  readonly items: ItemFiles;
  readonly images: ContentStore;
  readonly views: PictureViews;
  readonly readings: ReadingStore;
}

/** What is read between two yields at most: little enough to keep the host's event loop free (about 10 ms). */
const STEP_ITEMS = 50;
const STEP_BYTES = 300_000;

/**
 * Brings the index to what lies in the store: items that are new or changed since they were read are read, items whose
 * file is gone are dropped. With `sweep`, temporary files of a process that died are removed; only the process that
 * holds the library's lock may do so. Yields between short steps, each one transaction; after a death in between the
 * next call goes on where this one was.
 *
 * @returns One sentence for each thing found wrong. Nothing reported was deleted.
 */
export function* reconcileIndex(index: LibraryIndex, stores: Stores, sweep: boolean): Generator<void, string[]> {
  const listing = stores.items.list(sweep);
  const problems = listing.strangers.map((name) => `items/${name} is not an item of the library and was left as it is.`);
  const known = index.stamps();
  const changed = [...listing.stamps].filter(([id, stamp]) => {
    const before = known.get(id);
    return before?.modifiedMs !== stamp.modifiedMs || before.bytes !== stamp.bytes;
  });
  for (const step of inSteps(changed)) {
    index.together(() => {
      for (const [id, stamp] of step) problems.push(...takeItem(index, stores.items, id, stamp));
    });
    yield;
  }
  for (const id of known.keys()) {
    if (listing.stamps.has(id)) continue;
    index.remove(id);
    // An item that was being written when its process died was never reported as kept.
    if (!listing.unfinished.has(id)) problems.push(`items/${id}.json is gone; the item is no longer listed.`);
  }
  const stored = stores.images.list(sweep);
  for (const { id, sha256 } of index.images()) {
    if (!stored.has(sha256)) problems.push(`The picture ${sha256} of item ${id} is missing from the store.`);
  }
  return problems;
}

function* inSteps(files: readonly (readonly [string, FileStamp])[]): Generator<readonly (readonly [string, FileStamp])[]> {
  let step: (readonly [string, FileStamp])[] = [];
  let bytes = 0;
  for (const file of files) {
    step.push(file);
    bytes += file[1].bytes;
    if (step.length < STEP_ITEMS && bytes < STEP_BYTES) continue;
    yield step;
    step = [];
    bytes = 0;
  }
  if (step.length > 0) yield step;
}

function takeItem(index: LibraryIndex, items: ItemFiles, id: string, stamp: FileStamp): string[] {
  const read = items.read(id);
  if ('item' in read) {
    index.put(read.item, stamp);
    return [];
  }
  index.remove(id);
  return [read.problem];
}

/** True when the index knows exactly the item files there are, each as it is now. */
export function isIndexCurrent(index: LibraryIndex, items: ItemFiles): boolean {
  const { stamps } = items.list(false);
  const known = index.stamps();
  if (known.size !== stamps.size) return false;
  for (const [id, stamp] of stamps) {
    const before = known.get(id);
    if (before?.modifiedMs !== stamp.modifiedMs || before.bytes !== stamp.bytes) return false;
  }
  return true;
}
