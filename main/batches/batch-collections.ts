import { cutText } from '../../contract/texts/cut-text.ts';
import type { Board, LibraryItem } from '../../contract/library.ts';
import type { Library } from '../library/library.ts';
import type { BatchList } from './batch-list.ts';

const mostNameCharacters = 100;
/** Rows read together. */
const rowsAStep = 1000;

/** The results of each batch, gathered on a board of the library that has the batch's id and name. Throws StudioError as the library does. */
export class BatchCollections {
  readonly #list: BatchList;
  readonly #library: Library;

  constructor(list: BatchList, library: Library) {
    this.#list = list;
    this.#library = library;
  }

  /** Makes the board of a new batch. Texts and drawings are put on it as they are made, pictures as they come. */
  async open(batchId: string): Promise<void> {
    await this.#create(batchId);
  }

  /** Pictures that were added to a batch, by their names; a board that a person has deleted stays away. */
  async addPictures(batchId: string, sha256s: readonly string[]): Promise<void> {
    const itemIds = sha256s.flatMap((sha256) => this.#library.findItemsOfImage(sha256)[0]?.id ?? []);
    if (itemIds.length === 0) return;
    await this.#create(batchId);
    await this.#library.updateItems({ itemIds, change: { addToBoard: batchId } });
  }

  async rename(batchId: string, name: string): Promise<void> {
    if (!(await this.#create(batchId))) await this.#library.updateBoard(batchId, { name: cutText(name, mostNameCharacters) });
  }

  /** The board, filled where the batch is older than such boards; a deleted one comes back. */
  async collect(batchId: string): Promise<Board> {
    if (await this.#create(batchId)) {
      const itemIds = [...new Set(this.#findResults(batchId))];
      if (itemIds.length > 0) await this.#library.updateItems({ itemIds, change: { addToBoard: batchId } });
    }
    return this.#library.updateBoard(batchId, { deleted: false });
  }

  /** True when there was none. */
  #create(batchId: string): Promise<boolean> {
    const { id, name, createdMs } = this.#list.get(batchId);
    return this.#library.createBatchBoard({ id, createdMs, name: cutText(name.trim(), mostNameCharacters) });
  }

  /** Pictures, their texts in the batch, and what was drawn from those since it began. */
  *#findResults(batchId: string): Generator<string> {
    const { createdMs } = this.#list.get(batchId);
    const isResult = (item: LibraryItem): boolean => item.kind === 'generation' && item.createdMs >= createdMs;
    for (let offset = 0; ; offset += rowsAStep) {
      const query = { sort: 'position' as const, descending: false, states: null, working: [], search: '' };
      const { rows } = this.#list.read.page({ ...query, batchId, offset, limit: rowsAStep });
      for (const { pictureId, texts } of rows) {
        if (pictureId !== null) yield pictureId;
        for (const { itemId } of texts) {
          yield itemId;
          if (this.#library.getListed(itemId) === null) continue;
          for (const item of this.#library.getLineage(itemId).descendants) if (isResult(item)) yield item.id;
        }
      }
      if (rows.length < rowsAStep) return;
    }
  }
}
