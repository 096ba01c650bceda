import type { LibraryIndex } from './index/library-index.ts';
import type { Stores } from './index/reconcile-index.ts';

/** Some file systems keep times to two seconds. */
const COARSEST_MS = 2000;

/** Items that cannot be read here, such as those of a later studio: what they show must be there when they can. */
export function listUnlisted(index: LibraryIndex, stores: Pick<Stores, 'items'>): string[] {
  const listed = index.stamps();
  return [...stores.items.list(false).stamps.keys()].filter((id) => !listed.has(id));
}

/**
 * Removes pictures that a process stored and died before their item was kept: nobody was ever told of them. A picture that an item
 * names, can be read or not, stays, and so does one that the index knew of before, or that is older than that process: its item has
 * gone missing and may come back.
 *
 * @param before What `index.references` said before the index was brought to what lies in the store.
 * @param sinceMs When the process that died had begun, milliseconds since the epoch.
 */
export async function sweepImages(
  index: LibraryIndex,
  stores: Stores,
  before: readonly string[],
  sinceMs: number,
): Promise<void> {
  const named = new Set([...before, ...index.references()]);
  const orphans = [...stores.images.list(false)].filter(
    (sha256) => !named.has(sha256) && (stores.images.storedMs(sha256) ?? 0) >= sinceMs - COARSEST_MS,
  );
  if (orphans.length === 0) return;
  const unlisted = listUnlisted(index, stores);
  for (const sha256 of orphans) if (!stores.items.mention(unlisted, sha256)) await stores.images.remove(sha256);
}
