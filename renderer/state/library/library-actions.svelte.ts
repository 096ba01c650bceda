import type { Board, LibraryBulkUpdate, LibraryItem } from '../../../contract/library.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import { say } from '../../language/say.ts';

type Change = LibraryBulkUpdate['change'];

interface Done {
  readonly message: string;
  readonly undo: () => Promise<unknown>;
}

const mostUndos = 50;

/** What is done to items and boards. Each act can be taken back, from its notice or with the undo keys, except deleting for good. */
export class LibraryActions {
  #done: readonly Done[] = $state.raw([]);
  readonly #client: StudioClient;
  readonly #notices: Notices;
  readonly #heldReadings: () => string[];

  /** @param heldReadings the readings that the work on screen names: they stay when items are deleted for good */
  constructor(client: StudioClient, notices: Notices, heldReadings: () => string[]) {
    this.#client = client;
    this.#notices = notices;
    this.#heldReadings = heldReadings;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  async star(itemIds: readonly string[], starred: boolean): Promise<void> {
    await this.#change(itemIds, { starred }, { starred: !starred }, (count) =>
      say(starred ? 'library.starredCount' : 'library.unstarredCount', { count }),
    );
  }

  async trash(itemIds: readonly string[], trashed: boolean): Promise<void> {
    await this.#change(itemIds, { trashed }, { trashed: !trashed }, (count) =>
      say(trashed ? 'library.trashedCount' : 'library.putBackCount', { count }),
    );
  }

  /** Each picture is taken for what Midjourney drew of a text here. What went before one that cannot be taken stays taken. */
  async takeDrawn(itemIds: readonly string[]): Promise<void> {
    const drawn: string[] = [];
    const taken: string[] = [];
    try {
      for (const itemId of itemIds) {
        const { items } = await this.#client.library.takeDrawn({ itemId });
        drawn.push(...items.map(({ id }) => id));
        taken.push(itemId);
      }
    } finally {
      if (drawn.length > 0) {
        const trash = (ids: string[], trashed: boolean) => this.#client.library.updateMany({ itemIds: ids, change: { trashed } });
        const undo = () => Promise.all([trash(drawn, true), trash(taken, false)]);
        this.#tell({ message: say('library.takenDrawn', { count: drawn.length }), undo });
      }
    }
  }

  async addToBoard(itemIds: readonly string[], board: Pick<Board, 'id' | 'name'>): Promise<void> {
    await this.#change(
      itemIds,
      { addToBoard: board.id },
      { takeFromBoard: board.id },
      (count) => say('library.addedCount', { count, board: board.name }),
      say('library.alreadyOn', { board: board.name }),
    );
  }

  async takeFromBoard(itemIds: readonly string[], board: Pick<Board, 'id' | 'name'>): Promise<void> {
    await this.#change(itemIds, { takeFromBoard: board.id }, { addToBoard: board.id }, (count) =>
      say('library.takenCount', { count, board: board.name }),
    );
  }

  async createBoard(name: string): Promise<Board> {
    const board = await this.#client.library.createBoard({ name });
    this.#keep({
      message: say('library.boardMade', { board: board.name }),
      undo: () => this.#client.library.updateBoard({ boardId: board.id, deleted: true }),
    });
    return board;
  }

  async renameBoard(board: Pick<Board, 'id' | 'name'>, name: string): Promise<void> {
    if (name.trim() === board.name) return;
    await this.#client.library.updateBoard({ boardId: board.id, name });
    this.#keep({
      message: say('library.boardRenamed', { board: name.trim() }),
      undo: () => this.#client.library.updateBoard({ boardId: board.id, name: board.name }),
    });
  }

  /** Its items stay in the library. */
  async deleteBoard(board: Pick<Board, 'id' | 'name'>): Promise<void> {
    await this.#client.library.updateBoard({ boardId: board.id, deleted: true });
    this.#tell({
      message: say('library.boardDeleted', { board: board.name }),
      undo: () => this.#client.library.updateBoard({ boardId: board.id, deleted: false }),
    });
  }

  /** A title of a person's own; without words the studio names the item again. */
  async rename({ id, title: before, named }: Pick<LibraryItem, 'id' | 'title' | 'named'>, title: string): Promise<void> {
    if (before === title && named) return;
    await this.#client.library.update({ itemId: id, title });
    const undo = () => this.#client.library.update({ itemId: id, title: before, named });
    this.#keep({ message: say('library.renamed'), undo });
  }

  /** Cannot be taken back; whoever calls this has asked. */
  async deleteForGood(itemIds: readonly string[]): Promise<void> {
    const { itemIds: gone } = await this.#client.library.deleteForGood({
      itemIds: [...itemIds],
      keepReadings: this.#heldReadings(),
    });
    this.#notices.tell(say('library.deletedCount', { count: gone.length }));
  }

  async emptyTrash(): Promise<void> {
    const { itemIds } = await this.#client.library.emptyTrash({ keepReadings: this.#heldReadings() });
    this.#notices.tell(say('library.emptiedCount', { count: itemIds.length }));
  }

  /** Takes the last act back. */
  async undo(): Promise<void> {
    const last = this.#done.at(-1);
    if (last === undefined) return;
    this.#done = this.#done.slice(0, -1);
    await last.undo();
    this.#notices.tell(say('library.takenBack', { what: last.message }));
  }

  async #change(
    itemIds: readonly string[],
    change: Change,
    opposite: Change,
    describe: (count: number) => string,
    unchanged = say('library.nothingToChange'),
  ): Promise<void> {
    if (itemIds.length === 0) return;
    const { itemIds: changed } = await this.#client.library.updateMany({ itemIds: [...itemIds], change });
    if (changed.length === 0) this.#notices.tell(unchanged);
    else {
      const undo = () => this.#client.library.updateMany({ itemIds: changed, change: opposite });
      this.#tell({ message: describe(changed.length), undo });
    }
  }

  #tell(done: Done): void {
    this.#keep(done);
    const run = (): void => {
      if (!this.#done.includes(done)) return;
      this.#done = this.#done.filter((one) => one !== done);
      done.undo().catch((failure: unknown) => this.#notices.failWith(failure));
    };
    this.#notices.tell(done.message, '', { label: say('library.undo'), run });
  }

  #keep(done: Done): void {
    this.#done = [...this.#done, done].slice(-mostUndos);
  }
}
