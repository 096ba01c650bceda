import { StudioError } from '../../contract/errors.ts';
import type { HeldIndex } from './index/held-index.ts';
import type { ItemKeeper } from './item-keeper.ts';
import type { Stores } from './index/reconcile-index.ts';
import type { RemovalRecord } from './removal-record.ts';

/** Larger than any library. */
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * Deletes for good. In this order: the names of the pictures concerned are written down, the items go, the bytes that no item
 * refers to any more go, the note goes. After a death in between, `finish` at the next start does what is left.
 */
export class ItemRemover {
  readonly #index: HeldIndex;
  readonly #keeper: ItemKeeper;
  readonly #stores: Stores;
  readonly #record: RemovalRecord;

  constructor(index: HeldIndex, keeper: ItemKeeper, stores: Stores, record: RemovalRecord) {
    this.#index = index;
    this.#keeper = keeper;
    this.#stores = stores;
    this.#record = record;
  }

  /** Resolves to the ids that were there. Throws StudioError bad-request when one is not in the trash; nothing is removed then. */
  async remove(itemIds: readonly string[]): Promise<string[]> {
    const items = this.#index.use((index) => itemIds.flatMap((id) => index.get(id) ?? []));
    const kept = items.find((item) => !item.trashed);
    if (kept !== undefined) {
      throw new StudioError('bad-request', 'Only what lies in the trash can be deleted.', 'Move it to the trash first.', {
        itemId: kept.id,
      });
    }
    const images = items.flatMap((item) => [
      ...(item.kind === 'prompt' ? [] : [item.image.sha256]),
      ...(item.kind === 'generation' && item.recipe.init !== null ? [item.recipe.init.imageSha256] : []),
    ]);
    const ids = items.map(({ id }) => id);
    if (ids.length === 0) return ids;
    await this.#record.write([...new Set(images)]);
    await this.#keeper.remove(ids);
    await this.finish();
    return ids;
  }

  removeTrash(): Promise<string[]> {
    const filter = { text: '', kinds: [], trashed: true, order: 'newest' as const, offset: 0, limit: ALL };
    return this.remove(this.#index.use((index) => index.grid.ids(filter)));
  }

  /** Removes the bytes that were noted and that no item refers to. Throws StudioError record-newer, and leaves that note. */
  async finish(): Promise<void> {
    const noted = this.#record.read();
    const unlisted = noted.length === 0 ? [] : this.#listUnlisted();
    for (const sha256 of noted) {
      if (this.#index.use((index) => index.refersTo(sha256)) || this.#stores.items.mention(unlisted, sha256)) continue;
      await this.#stores.views.remove(sha256);
      await this.#stores.images.remove(sha256);
    }
    this.#record.clear();
  }

  /** Items that cannot be read here, such as those of a later studio: what they show must be there when they can. */
  #listUnlisted(): string[] {
    const listed = this.#index.use((index) => index.stamps());
    return [...this.#stores.items.list(false).stamps.keys()].filter((id) => !listed.has(id));
  }
}
