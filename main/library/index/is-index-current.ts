import type { ItemFiles } from '../item-files.ts';
import type { LibraryIndex } from './library-index.ts';

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
