import type {
  Board,
  LibraryBulkUpdate,
  LibraryFilter,
  LibraryItem,
  LibraryMembersQuery,
  LibraryOverview,
  LibraryPage,
  LibraryQuery,
  LibraryRow,
  LibraryRows,
  LibraryRowsQuery,
  Lineage,
  StoredImage,
} from '../../contract/library.ts';
import type { PromptDocument } from '../../contract/texts/prompt.ts';
import type { Fidelity, Recipe } from '../../contract/recipe.ts';
import type { BoardChange } from './board-list.ts';
import type { StagedImage } from './content-store.ts';
import type { PictureRef } from './index/row-queries.ts';
import type { PictureView, ViewKind } from './picture-views.ts';
import type { ReadingStore } from './reading-store.ts';

export type PictureItem = Extract<LibraryItem, { kind: 'picture' }>;
export type PromptItem = Extract<LibraryItem, { kind: 'prompt' }>;
export type GenerationItem = Extract<LibraryItem, { kind: 'generation' }>;

/** What the image room says about bytes; the library adds their name (sha256) and number. */
export type ImageFacts = Pick<StoredImage, 'width' | 'height' | 'mediaType' | 'thumbhash'>;

/** What every new item may be given. */
export interface NewItem {
  /** Usually the file's name. */
  readonly title: string;
  readonly parents?: readonly string[];
  /** Boards it lies on from the start. */
  readonly boards?: readonly string[];
}

export interface NewPicture extends NewItem {
  readonly bytes: Uint8Array;
  readonly facts: ImageFacts;
}

/** A picture whose bytes were staged, and read from there. */
export interface NewStagedPicture extends Omit<NewPicture, 'bytes'> {
  readonly staged: StagedImage;
}

export interface NewPrompt extends NewItem {
  readonly prompt: PromptDocument;
  /** The prompt's running text: what search finds. */
  readonly text: string;
  /** The bytes of the reading the text was just made from, to be stored with it. */
  readonly reading?: Uint8Array;
}

export interface NewGeneration extends NewItem {
  readonly bytes: Uint8Array;
  readonly facts: ImageFacts;
  readonly recipe: Recipe;
  readonly fidelity: Fidelity | null;
}

/** What may change after an item was made; absent fields stay. `fidelity` applies to generations only. */
export interface ItemChange {
  readonly title?: string | undefined;
  /** Absent with a title: a person gave it, unless it is empty. */
  readonly named?: boolean | undefined;
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
 * The artist's pictures, texts and generations on disk. Images lie in `images/<aa>/<sha256>`, what was read in them
 * in `readings/<aa>/<sha256>`, items in `items/<id>.json`, the names of boards in `boards.json`; `index.sqlite` is made from the items and can always be made again.
 *
 * A promise that resolves means the bytes are on the disk. Writes are done one after the other, each whole or
 * not at all. Throws StudioError: not-found, disk-full, file-unwritable, file-unreadable, bad-request.
 */
export interface Library {
  readonly folder: string;
  readonly readOnly: boolean;
  /** What was found wrong when the library was opened and since, one sentence each; for the log and `doctor`. */
  readonly problems: readonly string[];
  /** What of it was damaged and is made again: a person is told. */
  readonly repairs: readonly string[];
  /** What was read in pictures. */
  readonly readings: ReadingStore;

  /** Number of items, trashed ones included. */
  countItems(): number;
  /** Stores bytes and makes a picture item. Bytes the library already has as a picture give that item back, out of the trash. */
  addPicture(picture: NewPicture | NewStagedPicture): Promise<PictureItem>;
  /**
   * Takes bytes in as they come, into a file that is not yet part of the library; whoever asked for it discards it, or gives it to
   * `addPicture`. Throws what `chunks` throws, and image-too-large.
   */
  stageImage(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maximumBytes: number): Promise<StagedImage>;
  addPrompt(prompt: NewPrompt): Promise<PromptItem>;
  addGeneration(generation: NewGeneration): Promise<GenerationItem>;
  updateItem(itemId: string, change: ItemChange): Promise<LibraryItem>;

  /** One change for many items, each kept whole; resolves to the ids of those it changed. Items that are gone are passed over. */
  updateItems(update: LibraryBulkUpdate): Promise<string[]>;
  /**
   * Removes trashed items for good; resolves to their ids. A picture's bytes go when no other item shows them or starts from
   * them, a reading when no other text names it. Throws bad-request when one of them is not in the trash.
   * @param findNeeded the readings that are named outside of the library, by jobs and by unsaved work; absent: none
   */
  deleteItems(itemIds: readonly string[], findNeeded?: () => ReadonlySet<string>): Promise<string[]>;
  emptyTrash(findNeeded?: () => ReadonlySet<string>): Promise<string[]>;
  createBoard(name: string): Promise<Board>;
  /** Makes the board of a batch; resolves to false where there is one already, deleted or not. */
  createBatchBoard(board: Pick<Board, 'id' | 'name' | 'createdMs'>): Promise<boolean>;
  /** A deleted board is still known and can be brought back. */
  updateBoard(boardId: string, change: BoardChange): Promise<Board>;

  overview(): LibraryOverview;
  /** A window of the list by position. */
  queryRows(query: LibraryRowsQuery): LibraryRows;
  /** The ids of the same window. */
  queryIds(query: LibraryRowsQuery): string[];
  /** The ids of everything that lies in one stack with these items and fits, in no order. */
  listMembers(query: LibraryMembersQuery): string[];
  /** Every item that fits and has a picture, in no order. */
  listPictures(filter: LibraryFilter): PictureRef[];
  /** Rows of these items, in this order; those that are gone are left out. */
  getRows(itemIds: readonly string[]): LibraryRow[];

  /** An item as lists show it, a text without its slots, from the index alone; null when it is gone. */
  getListed(itemId: string): LibraryItem | null;

  /** The whole item. Also throws library-damaged when its file can no longer be read. */
  getItem(itemId: string): LibraryItem;
  /** Newest first, prompts without their slots: those are in `getItem`. Any text is a valid search: words are found by their beginnings, in any order, all of them. */
  queryItems(query: LibraryQuery): LibraryPage;
  /** Both lists oldest first, every item once, prompts without their slots. */
  getLineage(itemId: string): Lineage;
  /** Pictures and generations with these bytes, oldest first; empty when there are none. */
  findItemsOfImage(sha256: string): readonly (PictureItem | GenerationItem)[];

  getImage(sha256: string): StoredImage;
  /** Whether the bytes are in the store. */
  hasImage(sha256: string): boolean;
  /** Where the bytes lie, for streaming or for the engine; throws not-found when the store lacks them. */
  getImagePath(sha256: string): string;
  /**
   * What an `<img>` is given, made when first asked for. `shown`: the picture itself, or a copy that every browser shows as the
   * studio reads it; `thumbnail`: a small copy of that for grids. Throws as decodeImage does.
   */
  findView(sha256: string, kind: ViewKind): Promise<PictureView>;
  readImage(sha256: string): Promise<Uint8Array>;

  /** Makes the index again from the stored items. Lists show the old one until the new one is whole; writes wait. */
  rebuildIndex(): Promise<RebuildReport>;
  /** Calls back after every write with the ids of the items that changed; returns the way to stop. */
  subscribe(listener: (itemIds: readonly string[]) => void): () => void;
  /** Waits for writes under way, then gives the lock back. */
  close(): Promise<void>;
}
