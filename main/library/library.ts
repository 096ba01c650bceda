import type { LibraryItem, LibraryPage, LibraryQuery, Lineage, StoredImage } from '../../contract/library.ts';
import type { PromptDocument } from '../../contract/prompt.ts';
import type { Fidelity, Recipe } from '../../contract/recipe.ts';

export type PictureItem = Extract<LibraryItem, { kind: 'picture' }>;
export type PromptItem = Extract<LibraryItem, { kind: 'prompt' }>;
export type GenerationItem = Extract<LibraryItem, { kind: 'generation' }>;

/** What the image chapter says about bytes; the library adds their name (sha256) and number. */
export type ImageFacts = Pick<StoredImage, 'width' | 'height' | 'mediaType' | 'thumbhash'>;

export interface NewPicture {
  readonly bytes: Uint8Array;
  readonly facts: ImageFacts;
  /** Usually the file's name. */
  readonly title: string;
  readonly parents?: readonly string[];
}

export interface NewPrompt {
  readonly prompt: PromptDocument;
  /** The prompt's running text: what search finds. */
  readonly text: string;
  readonly title: string;
  readonly parents?: readonly string[];
}

export interface NewGeneration {
  readonly bytes: Uint8Array;
  readonly facts: ImageFacts;
  readonly recipe: Recipe;
  readonly fidelity: Fidelity | null;
  readonly title: string;
  readonly parents?: readonly string[];
}

/** What may change after an item was made; absent fields stay. `fidelity` applies to generations only. */
export interface ItemChange {
  readonly title?: string | undefined;
  readonly starred?: boolean | undefined;
  readonly trashed?: boolean | undefined;
  readonly fidelity?: Fidelity | null | undefined;
}

export interface RebuildReport {
  /** Items in the index afterwards. */
  readonly items: number;
  /** One sentence for each thing found wrong; nothing that is reported was deleted. */
  readonly problems: readonly string[];
}

/**
 * The artist's pictures, texts and generations on disk. Images lie in `images/<aa>/<sha256>`, items in
 * `items/<id>.json`; `index.sqlite` is made from the items and can always be made again.
 *
 * A promise that resolves means the bytes are on the disk. Writes are done one after the other, each whole or
 * not at all. Throws StudioError: not-found, disk-full, file-unwritable, file-unreadable, bad-request.
 */
export interface Library {
  readonly folder: string;
  readonly readOnly: boolean;
  /** What was found wrong when the library was opened and since, one sentence each; for the log and `doctor`. */
  readonly problems: readonly string[];

  /** Number of items, trashed ones included. */
  countItems(): number;
  /** Stores bytes and makes a picture item. Bytes the library already has as a picture give that item back, out of the trash. */
  addPicture(picture: NewPicture): Promise<PictureItem>;
  addPrompt(prompt: NewPrompt): Promise<PromptItem>;
  addGeneration(generation: NewGeneration): Promise<GenerationItem>;
  updateItem(itemId: string, change: ItemChange): Promise<LibraryItem>;

  /** The whole item. Also throws library-damaged when its file can no longer be read. */
  getItem(itemId: string): LibraryItem;
  /** Newest first, prompts without their slots: those are in `getItem`. Any text is a valid search: words are found by their beginnings, in any order, all of them. */
  queryItems(query: LibraryQuery): LibraryPage;
  /** Both lists oldest first, every item once, prompts without their slots. */
  getLineage(itemId: string): Lineage;
  /** Pictures and generations with these bytes, oldest first; empty when there are none. */
  findItemsOfImage(sha256: string): readonly (PictureItem | GenerationItem)[];

  getImage(sha256: string): StoredImage;
  /** Where the bytes lie, for streaming or for the engine; throws not-found when the store lacks them. */
  getImagePath(sha256: string): string;
  readImage(sha256: string): Promise<Uint8Array>;

  /** Makes the index again from the stored items. Lists show the old one until the new one is whole; writes wait. */
  rebuildIndex(): Promise<RebuildReport>;
  /** Calls back after every write with the ids of the items that changed; returns the way to stop. */
  subscribe(listener: (itemIds: readonly string[]) => void): () => void;
  /** Waits for writes under way, then gives the lock back. */
  close(): Promise<void>;
}
