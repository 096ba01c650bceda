import { idSchema } from '../../contract/identity.ts';
import type { Board } from '../../contract/library.ts';
import { StudioError } from '../../contract/errors.ts';
import type { BoardsFile, StoredBoard } from './boards-file.ts';

/** What may change of a board; absent fields stay. */
export interface BoardChange {
  readonly name?: string | undefined;
  readonly deleted?: boolean | undefined;
}

/** The boards and their names. A change is told only when it is on the disk. One write at a time. */
export class BoardList {
  readonly #file: BoardsFile;
  #boards: readonly StoredBoard[];

  /**
   * @param named Ids of boards that items name. One the file does not know is listed under a name of its own, so that what was
   * put on it is found again.
   */
  constructor(file: BoardsFile, boards: readonly StoredBoard[], named: readonly string[], clock: () => number) {
    this.#file = file;
    const known = new Set(boards.map(({ id }) => id));
    const lost = named.filter((id) => !known.has(id) && idSchema.safeParse(id).success).sort();
    this.#boards = [
      ...boards,
      ...lost.map((id, at) => ({ id, name: `Recovered board ${at + 1}`, createdMs: clock(), deleted: false, ofBatch: false })),
    ];
  }

  /** Boards that were not deleted, by name. */
  list(counts: ReadonlyMap<string, number>): Board[] {
    return this.#boards
      .filter(({ deleted }) => !deleted)
      .map(({ id, name, createdMs, ofBatch }) => ({ id, name, createdMs, ofBatch, items: counts.get(id) ?? 0 }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) || a.createdMs - b.createdMs);
  }

  /** Whether there is such a board, deleted or not. */
  has(id: string): boolean {
    return this.#boards.some((one) => one.id === id);
  }

  /** Throws StudioError not-found. */
  get(id: string): StoredBoard {
    const board = this.#boards.find((one) => one.id === id);
    if (board !== undefined) return board;
    throw new StudioError('not-found', 'There is no such board.', 'It may have been removed; look at the list of boards.', {
      boardId: id,
    });
  }

  async add(board: StoredBoard): Promise<void> {
    await this.#keep([...this.#boards, board]);
  }

  async change(id: string, { name, deleted }: BoardChange): Promise<StoredBoard> {
    const before = this.get(id);
    const board = { ...before, name: name ?? before.name, deleted: deleted ?? before.deleted };
    await this.#keep(this.#boards.map((one) => (one.id === id ? board : one)));
    return board;
  }

  async #keep(boards: readonly StoredBoard[]): Promise<void> {
    await this.#file.write(boards);
    this.#boards = boards;
  }
}
