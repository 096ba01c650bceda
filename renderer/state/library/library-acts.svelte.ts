import type { Board, LibraryBulkUpdate } from '../../../contract/library.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { counted } from '../core/counted.ts';
import type { Notices } from '../frame/notices.svelte.ts';

type Change = LibraryBulkUpdate['change'];

interface Done {
  readonly message: string;
  readonly undo: () => Promise<unknown>;
}

const mostUndos = 50;

/** What is done to items and boards. Each act can be taken back, from its notice or with the undo keys, except deleting for good. */
export class LibraryActs {
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
      starred ? `${counted(count, 'item')} starred.` : `${counted(count, 'item')} no longer starred.`,
    );
  }

  async trash(itemIds: readonly string[], trashed: boolean): Promise<void> {
    await this.#change(itemIds, { trashed }, { trashed: !trashed }, (count) =>
      trashed ? `${counted(count, 'item')} moved to the trash.` : `${counted(count, 'item')} put back.`,
    );
  }

  async addToBoard(itemIds: readonly string[], board: Pick<Board, 'id' | 'name'>): Promise<void> {
    await this.#change(
      itemIds,
      { addToBoard: board.id },
      { takeFromBoard: board.id },
      (count) => `${counted(count, 'item')} added to ${board.name}.`,
      `Already on ${board.name}.`,
    );
  }

  async takeFromBoard(itemIds: readonly string[], board: Pick<Board, 'id' | 'name'>): Promise<void> {
    await this.#change(
      itemIds,
      { takeFromBoard: board.id },
      { addToBoard: board.id },
      (count) => `${counted(count, 'item')} taken from ${board.name}.`,
    );
  }

  async createBoard(name: string): Promise<Board> {
    const board = await this.#client.library.createBoard({ name });
    this.#keep({
      message: `Board ${board.name} made.`,
      undo: () => this.#client.library.updateBoard({ boardId: board.id, deleted: true }),
    });
    return board;
  }

  async renameBoard(board: Pick<Board, 'id' | 'name'>, name: string): Promise<void> {
    if (name.trim() === board.name) return;
    await this.#client.library.updateBoard({ boardId: board.id, name });
    this.#keep({
      message: `Board renamed to ${name.trim()}.`,
      undo: () => this.#client.library.updateBoard({ boardId: board.id, name: board.name }),
    });
  }

  /** Its items stay in the library. */
  async deleteBoard(board: Pick<Board, 'id' | 'name'>): Promise<void> {
    await this.#client.library.updateBoard({ boardId: board.id, deleted: true });
    this.#tell({
      message: `Board ${board.name} deleted. Its items stay in the library.`,
      undo: () => this.#client.library.updateBoard({ boardId: board.id, deleted: false }),
    });
  }

  async rename(itemId: string, before: string, title: string): Promise<void> {
    if (before === title) return;
    await this.#client.library.update({ itemId, title });
    this.#keep({ message: 'Renamed.', undo: () => this.#client.library.update({ itemId, title: before }) });
  }

  /** Cannot be taken back; whoever calls this has asked. */
  async deleteForGood(itemIds: readonly string[]): Promise<void> {
    const { itemIds: gone } = await this.#client.library.deleteForGood({
      itemIds: [...itemIds],
      keepReadings: this.#heldReadings(),
    });
    this.#notices.tell(`${counted(gone.length, 'item')} deleted for good.`);
  }

  async emptyTrash(): Promise<void> {
    const { itemIds } = await this.#client.library.emptyTrash({ keepReadings: this.#heldReadings() });
    this.#notices.tell(`The trash is empty: ${counted(itemIds.length, 'item')} deleted for good.`);
  }

  /** Takes the last act back. */
  async undo(): Promise<void> {
    const last = this.#done.at(-1);
    if (last === undefined) return;
    this.#done = this.#done.slice(0, -1);
    await last.undo();
    this.#notices.tell(`Taken back: ${last.message}`);
  }

  async #change(
    itemIds: readonly string[],
    change: Change,
    opposite: Change,
    describe: (count: number) => string,
    unchanged = 'Nothing to change.',
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
    this.#notices.tell(done.message, '', { label: 'Undo', run });
  }

  #keep(done: Done): void {
    this.#done = [...this.#done, done].slice(-mostUndos);
  }
}
