import { StudioError } from '../../contract/errors.ts';
import { idSchema } from '../../contract/identity.ts';
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
import type { BoardChange, BoardList } from './board-list.ts';
import type { StagedImage } from './content-store.ts';
import { createId } from '../storage/create-id.ts';
import { changeItem, makeItem } from './make-item.ts';
import type { HeldIndex } from './index/held-index.ts';
import type { LibraryFindings } from './library-findings.ts';
import { readOnlyError } from './lock-library.ts';
import { ItemKeeper } from './item-keeper.ts';
import { ItemRemover } from './item-remover.ts';
import type {
  GenerationItem,
  ImageFacts,
  ItemChange,
  Library,
  NewGeneration,
  NewPicture,
  NewPrompt,
  NewStagedPicture,
  PictureItem,
  PromptItem,
  RebuildReport,
} from './library.ts';
import type { PictureView, ViewKind } from './picture-views.ts';
import type { ReadingStore } from './reading-store.ts';
import type { RemovalRecord } from './removal-record.ts';
import type { Stores } from './index/reconcile-index.ts';
import type { PictureRef } from './index/row-queries.ts';
import { SerialQueue } from '../running/serial-queue.ts';

export interface DiskLibraryParts {
  readonly folder: string;
  readonly readOnly: boolean;
  readonly clock: () => number;
  readonly stores: Stores;
  readonly index: HeldIndex;
  readonly boards: BoardList;
  readonly removals: RemovalRecord;
  readonly findings: LibraryFindings;
  /** Gives the lock back. */
  readonly unlock: () => void;
  /** Removes what a host that died left without an item. */
  readonly sweep: () => Promise<void>;
}

const findNothing = (): ReadonlySet<string> => new Set();

/** Read and written together in a change of many items. */
const ITEMS_A_STEP = 32;

/** The library on disk; made by open-library.ts. */
export class DiskLibrary implements Library {
  readonly #parts: DiskLibraryParts;
  readonly #writes = new SerialQueue();
  readonly #listeners = new Set<(itemIds: readonly string[]) => void>();
  readonly #index: HeldIndex;
  readonly #keeper: ItemKeeper;
  readonly #remover: ItemRemover;

  constructor(parts: DiskLibraryParts) {
    this.#parts = parts;
    this.#index = parts.index;
    this.#keeper = new ItemKeeper({
      items: parts.stores.items,
      index: parts.index,
      indexFile: `${parts.folder}/index.sqlite`,
      onChange: (itemIds) => this.#tell(itemIds),
    });
    this.#remover = new ItemRemover({ ...parts, keeper: this.#keeper });
    if (!parts.readOnly) this.#clearUp();
  }

  get folder(): string {
    return this.#parts.folder;
  }

  get readOnly(): boolean {
    return this.#parts.readOnly;
  }

  get problems(): readonly string[] {
    return this.#parts.findings.problems;
  }

  get repairs(): readonly string[] {
    return this.#parts.findings.repairs;
  }

  get readings(): ReadingStore {
    return this.#parts.stores.readings;
  }

  countItems(): number {
    return this.#index.use((index) => index.count());
  }

  stageImage(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maximumBytes: number): Promise<StagedImage> {
    return this.readOnly ? Promise.reject(readOnlyError(this.folder)) : this.#parts.stores.images.stage(chunks, maximumBytes);
  }

  addPicture(picture: NewPicture | NewStagedPicture): Promise<PictureItem> {
    return this.#write(async () => {
      const image = await this.#storeImage('staged' in picture ? picture.staged : picture.bytes, picture.facts);
      const before = this.findItemsOfImage(image.sha256).find((item) => item.kind === 'picture');
      if (before && !before.trashed) return before;
      if (before) return this.#keeper.keep({ ...before, trashed: false });
      return this.#keeper.keepOrForget(
        { ...makeItem(this.#parts.clock(), picture), kind: 'picture' as const, image },
        this.#forgetImage,
      );
    });
  }

  addPrompt(prompt: NewPrompt): Promise<PromptItem> {
    return this.#write(async () => {
      // First the reading, in the same turn: a text that is there never names one that is not.
      if (prompt.reading !== undefined) await this.readings.add(prompt.reading);
      const item = { ...makeItem(this.#parts.clock(), prompt), kind: 'prompt' as const };
      return this.#keeper.keep({ ...item, prompt: prompt.prompt, text: prompt.text });
    });
  }

  addGeneration(generation: NewGeneration): Promise<GenerationItem> {
    const { bytes, facts, recipe, fidelity } = generation;
    return this.#write(async () => {
      const image = await this.#storeImage(bytes, facts);
      const item = { ...makeItem(this.#parts.clock(), generation), kind: 'generation' as const, image, recipe, fidelity };
      return this.#keeper.keepOrForget(item, this.#forgetImage);
    });
  }

  updateItem(itemId: string, change: ItemChange): Promise<LibraryItem> {
    return this.#write(() => this.#keeper.keep(changeItem(this.getItem(itemId), change)));
  }

  updateItems({ itemIds, change }: LibraryBulkUpdate): Promise<string[]> {
    return this.#write(async () => {
      if (change.addToBoard !== undefined) this.#parts.boards.get(change.addToBoard);
      const changed: string[] = [];
      // Read and written in the same short steps, so that thousands of items neither fill the memory nor hold up the host.
      for (let from = 0; from < itemIds.length; from += ITEMS_A_STEP) {
        const items = this.#index
          .use((index) => itemIds.slice(from, from + ITEMS_A_STEP).filter((id) => index.get(id) !== undefined))
          .map((id) => this.#parts.stores.items.read(id, this.readings.addNow))
          .flatMap((read) => ('item' in read ? [read.item] : []))
          .map((item) => ({ item, next: changeItem(item, change) }))
          .filter(({ item, next }) => item !== next)
          .map(({ next }) => next);
        await this.#keeper.keepAll(items);
        changed.push(...items.map(({ id }) => id));
      }
      return changed;
    });
  }

  deleteItems(itemIds: readonly string[], findNeeded = findNothing): Promise<string[]> {
    return this.#write(() => this.#remover.remove(itemIds, findNeeded));
  }

  emptyTrash(findNeeded = findNothing): Promise<string[]> {
    return this.#write(() => this.#remover.removeTrash(findNeeded));
  }

  createBoard(name: string): Promise<Board> {
    return this.#write(async () => {
      const createdMs = this.#parts.clock();
      const board = { id: createId(createdMs), name, createdMs, ofBatch: false };
      await this.#parts.boards.add({ ...board, deleted: false });
      this.#tell([]);
      return { ...board, items: 0 };
    });
  }

  createBatchBoard(board: Pick<Board, 'id' | 'name' | 'createdMs'>): Promise<boolean> {
    return this.#write(async () => {
      if (this.#parts.boards.has(board.id)) return false;
      await this.#parts.boards.add({ ...board, deleted: false, ofBatch: true });
      this.#tell([]);
      return true;
    });
  }

  updateBoard(boardId: string, change: BoardChange): Promise<Board> {
    return this.#write(async () => {
      const { id, name, createdMs, ofBatch } = await this.#parts.boards.change(boardId, change);
      this.#tell([]);
      return { id, name, createdMs, ofBatch, items: this.#index.use((index) => index.counts()).boards.get(id) ?? 0 };
    });
  }

  overview(): LibraryOverview {
    const { boards, packs, ...counts } = this.#index.use((index) => index.counts());
    return { ...counts, packs: [...packs], boards: this.#parts.boards.list(boards) };
  }

  queryRows(query: LibraryRowsQuery): LibraryRows {
    return this.#index.use((index) => index.grid.rows(query));
  }

  queryIds(query: LibraryRowsQuery): string[] {
    return this.#index.use((index) => index.grid.ids(query));
  }

  listMembers(query: LibraryMembersQuery): string[] {
    return this.#index.use((index) => index.grid.members(query));
  }

  listPictures(filter: LibraryFilter): PictureRef[] {
    return this.#index.use((index) => index.grid.pictures(filter));
  }

  getRows(itemIds: readonly string[]): LibraryRow[] {
    return this.#index.use((index) => itemIds.flatMap((id) => index.grid.row(id) ?? []));
  }

  getListed(itemId: string): LibraryItem | null {
    return this.#index.use((index) => index.get(itemId)) ?? null;
  }

  getItem(itemId: string): LibraryItem {
    const listed = this.#index.use((index) => index.get(itemId)) !== undefined;
    // What a later studio wrote is not listed; who asks for it by its name hears why.
    const read =
      listed || idSchema.safeParse(itemId).success ? this.#parts.stores.items.read(itemId, this.readings.addNow) : null;
    if (read !== null && 'item' in read) return read.item;
    if (read !== null && read.instead !== null) throw read.instead;
    if (read !== null && listed) {
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

  hasImage(sha256: string): boolean {
    return this.#parts.stores.images.has(sha256);
  }

  getImagePath(sha256: string): string {
    return this.#parts.stores.images.find(sha256);
  }

  async findView(sha256: string, kind: ViewKind): Promise<PictureView> {
    return this.#parts.stores.views.find(kind, this.getImage(sha256), this.getImagePath(sha256));
  }

  readImage(sha256: string): Promise<Uint8Array> {
    return this.#parts.stores.images.read(sha256);
  }

  rebuildIndex(): Promise<RebuildReport> {
    return this.#write(async () => ({ problems: await this.#index.rebuild(), items: this.countItems() }));
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

  /** Keeps a picture's bytes and says what an item tells of them. */
  async #storeImage(source: Uint8Array | StagedImage, facts: ImageFacts): Promise<StoredImage> {
    const { width, height, mediaType, thumbhash } = facts;
    return { ...(await this.#parts.stores.images.store(source)), width, height, mediaType, thumbhash };
  }

  /** Runs a write when those before it have ended. */
  #write<T>(work: () => Promise<T>): Promise<T> {
    return this.readOnly ? Promise.reject(readOnlyError(this.folder)) : this.#writes.run(work);
  }

  /** What a host that died was deleting or writing. Nothing depends on it: a failure is told, and the next start tries again. */
  #clearUp(): void {
    const { sweep, stores, findings } = this.#parts;
    for (const step of [() => this.#remover.finish(), sweep, () => stores.views.sweep()]) {
      this.#writes.run(step).catch((cause: unknown) => findings.add(String(cause)));
    }
  }

  readonly #forgetImage = (sha256: string): Promise<void> => this.#remover.forgetImages([sha256]);

  #tell(itemIds: readonly string[]): void {
    for (const listener of this.#listeners) listener(itemIds);
  }
}
