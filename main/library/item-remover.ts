import { StudioError } from '../../contract/errors.ts';
import type { LibraryItem } from '../../contract/library.ts';
import type { Recipe } from '../../contract/recipe.ts';
import type { HeldIndex } from './index/held-index.ts';
import type { ItemKeeper } from './item-keeper.ts';
import type { Stores } from './index/reconcile-index.ts';
import { readingsOf } from './readings-of.ts';
import type { RemovalRecord } from './removal-record.ts';
import { listUnlisted } from './sweep-images.ts';

/** Larger than any library. */
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * A reading that no item names may still be named by work a page has not saved. A page tells so when it deletes; for those that are
 * not open now, readings that no deleted item named are left alone this long: 30 days.
 */
const LOOSE_FOR_MS = 30 * 24 * 3600 * 1000;

const picturesOfInit = ({ imageSha256, maskSha256 }: NonNullable<Recipe['init']>): string[] =>
  maskSha256 === undefined ? [imageSha256] : [imageSha256, maskSha256];

export interface ItemRemoverParts {
  readonly index: HeldIndex;
  readonly keeper: ItemKeeper;
  readonly stores: Stores;
  readonly removals: RemovalRecord;
  readonly clock: () => number;
}

/**
 * Deletes for good. In this order: the names of the pictures and readings concerned are written down, the items go, the bytes that no item
 * refers to any more go, the note goes. After a death in between, `finish` at the next start does what is left.
 */
export class ItemRemover {
  readonly #index: HeldIndex;
  readonly #keeper: ItemKeeper;
  readonly #stores: Stores;
  readonly #record: RemovalRecord;
  readonly #clock: () => number;

  constructor({ index, keeper, stores, removals, clock }: ItemRemoverParts) {
    this.#index = index;
    this.#keeper = keeper;
    this.#stores = stores;
    this.#record = removals;
    this.#clock = clock;
  }

  /**
   * Resolves to the ids that were there. Throws StudioError bad-request when one is not in the trash; nothing is removed then.
   * @param findNeeded the readings that are named outside of the library, by jobs and by unsaved work
   */
  async remove(itemIds: readonly string[], findNeeded: () => ReadonlySet<string>): Promise<string[]> {
    const items = this.#index.use((index) => itemIds.flatMap((id) => index.get(id) ?? []));
    const kept = items.find((item) => !item.trashed);
    if (kept !== undefined) {
      throw new StudioError('bad-request', 'Only what lies in the trash can be deleted.', 'Move it to the trash first.', {
        itemId: kept.id,
      });
    }
    const images = items.flatMap((item) => [
      ...(item.kind === 'prompt' ? [] : [item.image.sha256]),
      ...(item.kind === 'generation' && item.recipe.init !== null ? picturesOfInit(item.recipe.init) : []),
    ]);
    const ids = items.map(({ id }) => id);
    if (ids.length === 0) return ids;
    const readings = this.#listReadings(items, findNeeded());
    await this.#record.write({ images: [...new Set(images)], readings });
    await this.#keeper.remove(ids);
    await this.finish();
    return ids;
  }

  removeTrash(findNeeded: () => ReadonlySet<string>): Promise<string[]> {
    const filter = {
      text: '',
      kinds: [],
      trashed: true,
      order: 'newest' as const,
      stacked: false,
      moments: [],
      offset: 0,
      limit: ALL,
    };
    return this.remove(
      this.#index.use((index) => index.grid.ids(filter)),
      findNeeded,
    );
  }

  /** Removes the bytes that were noted and that no item refers to. Throws StudioError record-newer, and leaves that note. */
  async finish(): Promise<void> {
    const noted = this.#record.read();
    await this.#forget(noted.images, noted.readings);
    this.#record.clear();
  }

  /** Removes the bytes of pictures that no item refers to. */
  async forgetImages(names: readonly string[]): Promise<void> {
    await this.#forget(names, []);
  }

  async #forget(images: readonly string[], readings: readonly string[]): Promise<void> {
    const unlisted = images.length + readings.length === 0 ? [] : this.#index.use((index) => listUnlisted(index, this.#stores));
    const isNeeded = (sha256: string): boolean =>
      this.#index.use((index) => index.refersTo(sha256)) || this.#stores.items.mention(unlisted, sha256);
    for (const sha256 of images) {
      if (isNeeded(sha256)) continue;
      await this.#stores.views.remove(sha256);
      await this.#stores.images.remove(sha256);
    }
    for (const sha256 of readings) if (!isNeeded(sha256)) await this.#stores.readings.remove(sha256);
  }

  /** What the items name, and what nothing has named for long. */
  #listReadings(items: readonly LibraryItem[], needed: ReadonlySet<string>): string[] {
    const named = this.#index.use((index) => index.readings());
    const loose = this.#stores.readings.listLoose(this.#clock() - LOOSE_FOR_MS, named);
    const readings = new Set([...items.flatMap((item) => [...readingsOf(item)]), ...loose]);
    return [...readings].filter((sha256) => !needed.has(sha256));
  }
}
