import { libraryItemSchema } from '../../contract/library.ts';
import type { LibraryBulkUpdate, LibraryItem } from '../../contract/library.ts';
import type { HeldIndex } from './index/held-index.ts';
import type { ItemFiles } from './item-files.ts';
import { changeItem } from './make-item.ts';
import type { ReadingStore } from './reading-store.ts';
import type { GenerationItem, PictureItem } from './library.ts';
import type { LibraryIndex } from './index/library-index.ts';
import type { StagedFile } from '../storage/stage-file.ts';
import { toStorageError } from '../storage/to-storage-error.ts';

/** Items written side by side: enough that the disk's flushes overlap, few enough that the host's event loop stays free. */
const ITEMS_AT_ONCE = 32;

export interface ItemKeeperParts {
  readonly items: ItemFiles;
  readonly index: HeldIndex;
  /** Path of the index, for messages. */
  readonly indexFile: string;
  /** Told the ids of what was kept or removed. */
  readonly onChange: (itemIds: readonly string[]) => void;
}

interface StagedItem {
  readonly item: LibraryItem;
  readonly before: LibraryItem | undefined;
  readonly staged: StagedFile;
}

/** Writes items to their files and into the index, and takes them out of both. One call at a time. */
export class ItemKeeper {
  readonly #parts: ItemKeeperParts;

  constructor(parts: ItemKeeperParts) {
    this.#parts = parts;
  }

  /**
   * Keeps an item, new or changed: its file is flushed under a temporary name, the index takes it, the file gets its
   * name. Until that last step everything can be taken back, so a full disk leaves the library as it was.
   */
  async keep<T extends LibraryItem>(item: T): Promise<T> {
    await this.#keepTogether([item]);
    return item;
  }

  /** Keeps an item of a picture; bytes whose item cannot be kept, on a full disk for one, do not lie on without it. */
  async keepOrForget<T extends PictureItem | GenerationItem>(
    item: T,
    forgetImage: (sha256: string) => Promise<void>,
  ): Promise<T> {
    try {
      return await this.keep(item);
    } catch (cause) {
      // Why it was not kept matters more than what else fails then.
      await forgetImage(item.image.sha256).catch(() => undefined);
      throw cause;
    }
  }

  /** Keeps many items. Each is kept whole or stays as it was; after a failure those before it are kept. */
  async keepAll(items: readonly LibraryItem[]): Promise<void> {
    for (let from = 0; from < items.length; from += ITEMS_AT_ONCE) {
      await this.#keepTogether(items.slice(from, from + ITEMS_AT_ONCE));
    }
  }

  /**
   * One change for many items, each kept whole; resolves to the ids of those it changed. Items that are gone are passed over. Read and
   * written in the same short steps, so that thousands of items neither fill the memory nor hold up the host.
   *
   * @param takeReading stores what a text of version 1 carries
   */
  async changeAll(
    itemIds: readonly string[],
    change: LibraryBulkUpdate['change'],
    takeReading: ReadingStore['addNow'],
  ): Promise<string[]> {
    const { index, items } = this.#parts;
    const changed: string[] = [];
    for (let from = 0; from < itemIds.length; from += ITEMS_AT_ONCE) {
      const next = index
        .use((used) => itemIds.slice(from, from + ITEMS_AT_ONCE).filter((id) => used.get(id) !== undefined))
        .map((id) => items.read(id, takeReading))
        .flatMap((read) => ('item' in read ? [{ item: read.item, next: changeItem(read.item, change) }] : []))
        .flatMap((one) => (one.item === one.next ? [] : [one.next]));
      await this.keepAll(next);
      changed.push(...next.map(({ id }) => id));
    }
    return changed;
  }

  /**
   * Takes items out of the library for good. The index forgets them first: after a death in between, a file that is still
   * there is found at the next start and the item is back in the trash, whole.
   */
  async remove(itemIds: readonly string[]): Promise<void> {
    const { index, items } = this.#parts;
    for (let from = 0; from < itemIds.length; from += ITEMS_AT_ONCE) {
      const some = itemIds.slice(from, from + ITEMS_AT_ONCE);
      index.use((used) => used.together(() => some.forEach((id) => used.remove(id))));
      await items.remove(some);
      this.#parts.onChange(some);
    }
  }

  async #keepTogether(items: readonly LibraryItem[]): Promise<void> {
    // What the schema refuses could be written but never read again.
    for (const item of items) libraryItemSchema.parse(item);
    const all = await this.#stage(items);
    const taken = await this.#putInIndex(all);
    const published = await Promise.allSettled(all.map(({ staged }) => staged.publish()));
    const { current } = this.#parts.index;
    const kept = all.filter(({ item, before, staged }, at) => {
      const done = published[at]?.status === 'fulfilled';
      // A stamp no file has: the next start reads the item again, whatever the failed rename left.
      if (!done && before) current.put(before, { modifiedMs: 0, bytes: 0 });
      else if (!done) current.remove(item.id);
      // The index was made again in between, from files that did not have this one yet.
      else if (current !== taken) current.put(item, staged.stamp);
      return done;
    });
    if (kept.length > 0) this.#parts.onChange(kept.map(({ item }) => item.id));
    const failed = published.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** All or none. */
  async #stage(items: readonly LibraryItem[]): Promise<StagedItem[]> {
    const before = this.#parts.index.use((index) => items.map((item) => index.get(item.id)));
    const staging = await Promise.allSettled(items.map((item) => this.#parts.items.stage(item)));
    const failed = staging.find((one) => one.status === 'rejected');
    const staged = staging.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (failed) {
      await Promise.all(staged.map((file) => file.discard()));
      throw failed.reason;
    }
    return items.flatMap((item, at) => {
      const file = staged[at];
      return file === undefined ? [] : [{ item, before: before[at], staged: file }];
    });
  }

  async #putInIndex(all: readonly StagedItem[]): Promise<LibraryIndex> {
    try {
      return this.#parts.index.use((index) => {
        index.together(() => all.forEach(({ item, staged }) => index.put(item, staged.stamp)));
        return index;
      });
    } catch (cause) {
      await Promise.all(all.map(({ staged }) => staged.discard()));
      throw toStorageError(cause, this.#parts.indexFile);
    }
  }
}
