import { StudioError } from '../../contract/errors.ts';
import { libraryItemSchema } from '../../contract/library.ts';
import type { LibraryItem, LibraryPage, LibraryQuery, Lineage, StoredImage } from '../../contract/library.ts';
import { createId } from './create-id.ts';
import type { HeldIndex } from './held-index.ts';
import type {
  GenerationItem,
  ImageFacts,
  ItemChange,
  Library,
  NewGeneration,
  NewPicture,
  NewPrompt,
  PictureItem,
  PromptItem,
  RebuildReport,
} from './library.ts';
import type { LibraryIndex } from './library-index.ts';
import type { Stores } from './reconcile-index.ts';
import { SerialLane } from './serial-lane.ts';
import { toStorageError } from './to-storage-error.ts';

export interface DiskLibraryParts {
  readonly folder: string;
  readonly readOnly: boolean;
  readonly clock: () => number;
  readonly stores: Stores;
  readonly index: HeldIndex;
  readonly problems: readonly string[];
  /** Gives the lock back. */
  readonly unlock: () => void;
}

/** The library on disk; made by open-library.ts. */
export class DiskLibrary implements Library {
  readonly #parts: DiskLibraryParts;
  readonly #writes = new SerialLane();
  readonly #listeners = new Set<(itemIds: readonly string[]) => void>();
  readonly #index: HeldIndex;

  constructor(parts: DiskLibraryParts) {
    this.#parts = parts;
    this.#index = parts.index;
  }

  get folder(): string {
    return this.#parts.folder;
  }

  get readOnly(): boolean {
    return this.#parts.readOnly;
  }

  get problems(): readonly string[] {
    return this.#parts.problems;
  }

  countItems(): number {
    return this.#index.use((index) => index.count());
  }

  addPicture(picture: NewPicture): Promise<PictureItem> {
    return this.#write(async () => {
      const image = await this.#storeImage(picture.bytes, picture.facts);
      const before = this.findItemsOfImage(image.sha256).find((item) => item.kind === 'picture');
      if (before && !before.trashed) return before;
      if (before) return this.#storeItem({ ...before, trashed: false });
      return this.#storeItem({ ...this.#newItem(picture), kind: 'picture' as const, image });
    });
  }

  addPrompt(prompt: NewPrompt): Promise<PromptItem> {
    return this.#write(() =>
      this.#storeItem({ ...this.#newItem(prompt), kind: 'prompt' as const, prompt: prompt.prompt, text: prompt.text }),
    );
  }

  addGeneration(generation: NewGeneration): Promise<GenerationItem> {
    const { bytes, facts, recipe, fidelity } = generation;
    return this.#write(async () => {
      const image = await this.#storeImage(bytes, facts);
      return this.#storeItem({ ...this.#newItem(generation), kind: 'generation' as const, image, recipe, fidelity });
    });
  }

  updateItem(itemId: string, change: ItemChange): Promise<LibraryItem> {
    return this.#write(() => {
      const item = this.getItem(itemId);
      const { title = item.title, starred = item.starred, trashed = item.trashed } = change;
      const changed = { ...item, title, starred, trashed };
      if (changed.kind === 'generation' && change.fidelity !== undefined) changed.fidelity = change.fidelity;
      return this.#storeItem(changed);
    });
  }

  getItem(itemId: string): LibraryItem {
    const read = this.#index.use((index) => index.get(itemId)) && this.#parts.stores.items.read(itemId);
    if (read && 'item' in read) return read.item;
    if (read) {
      const hint = 'The file was left as it is: mend it or restore it from a backup, then run `library rebuild`.';
      throw new StudioError('library-damaged', read.problem, hint, { itemId });
    }
    throw new StudioError('not-found', 'The library has no such item.', 'Look for it with `library list` or `library search`.', {
      itemId,
    });
  }

  queryItems(query: LibraryQuery): LibraryPage {
    return this.#index.use((index) => index.query(query));
  }

  getLineage(itemId: string): Lineage {
    const item = this.getItem(itemId);
    return this.#index.use((index) => index.lineage(item));
  }

  findItemsOfImage(sha256: string): (PictureItem | GenerationItem)[] {
    return this.#index.use((index) => index.findByImage(sha256)).filter((item) => item.kind !== 'prompt');
  }

  getImage(sha256: string): StoredImage {
    this.#parts.stores.images.find(sha256);
    const [item] = this.findItemsOfImage(sha256);
    if (item) return item.image;
    throw new StudioError('not-found', 'No item of the library has that image.', 'Add the image first.', { sha256 });
  }

  getImagePath(sha256: string): string {
    return this.#parts.stores.images.find(sha256);
  }

  readImage(sha256: string): Promise<Uint8Array> {
    return this.#parts.stores.images.read(sha256);
  }

  rebuildIndex(): Promise<RebuildReport> {
    return this.#write(async () => {
      const problems = await this.#index.rebuild();
      return { items: this.countItems(), problems };
    });
  }

  subscribe(listener: (itemIds: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await this.#writes.drain();
    this.#index.close();
    this.#parts.unlock();
  }

  /** Runs a write when those before it have ended. */
  #write<T>(work: () => Promise<T>): Promise<T> {
    if (!this.readOnly) return this.#writes.run(work);
    const hint = 'Open the library for writing: close the other studio and try again.';
    return Promise.reject(
      new StudioError('file-unwritable', 'The library is open for reading only.', hint, { folder: this.folder }),
    );
  }

  #newItem(given: { readonly title: string; readonly parents?: readonly string[] }) {
    const createdMs = this.#parts.clock();
    return {
      id: createId(createdMs),
      createdMs,
      title: given.title,
      starred: false,
      trashed: false,
      parents: [...(given.parents ?? [])],
    };
  }

  async #storeImage(bytes: Uint8Array, facts: ImageFacts): Promise<StoredImage> {
    const sha256 = await this.#parts.stores.images.put(bytes);
    const { width, height, mediaType, thumbhash } = facts;
    return { sha256, bytes: bytes.length, width, height, mediaType, thumbhash };
  }

  /**
   * Keeps an item, new or changed: its file is flushed under a temporary name, the index takes it, the file gets its
   * name. Until that last step everything can be taken back, so a full disk leaves the library as it was.
   */
  async #storeItem<T extends LibraryItem>(item: T): Promise<T> {
    // What the schema refuses could be written but never read again.
    libraryItemSchema.parse(item);
    const before = this.#index.use((index) => index.get(item.id));
    const staged = await this.#parts.stores.items.stage(item);
    let taken: LibraryIndex;
    try {
      taken = this.#index.use((index) => {
        index.put(item, staged.stamp);
        return index;
      });
    } catch (cause) {
      await staged.discard();
      throw toStorageError(cause, `${this.folder}/index.sqlite`);
    }
    try {
      await staged.publish();
    } catch (cause) {
      // A stamp no file has: the next start reads the item again, whatever the failed rename left.
      if (before) this.#index.current.put(before, { modifiedMs: 0, bytes: 0 });
      else this.#index.current.remove(item.id);
      throw cause;
    }
    // The index was made again in between, from files that did not have this one yet.
    if (this.#index.current !== taken) this.#index.current.put(item, staged.stamp);
    for (const listener of this.#listeners) listener([item.id]);
    return item;
  }
}
