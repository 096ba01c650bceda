import type { Board } from '../../../contract/library.ts';
import type { LibraryActions } from './library-actions.svelte.ts';
import type { LibraryView } from './library-view.ts';
import type { LibrarySelection } from './library-selection.svelte.ts';

/** What can be done with items, by id. */
interface Parts {
  readonly selection: LibrarySelection;
  readonly actions: LibraryActions;
  /** All items that these rows stand for. */
  readonly members: (itemIds: readonly string[]) => Promise<readonly string[]>;
  readonly starred: (itemId: string) => boolean;
  readonly look: (view: LibraryView) => void;
  readonly open: (itemId: string) => Promise<void>;
  readonly findSimilar: (itemId: string) => Promise<void>;
  readonly useAsStart: (itemId: string) => Promise<void>;
}

/** What is done with the chosen items, from a key, the bar or a menu. */
export class ChosenItems {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get ids(): readonly string[] {
    return [...this.#parts.selection.ids];
  }

  /** Every item that is chosen: what lies in a chosen stack is. */
  members(): Promise<readonly string[]> {
    return this.#parts.members(this.ids);
  }

  /** The chosen item the keyboard is at, or the first one chosen; null when nothing is. */
  get first(): string | null {
    const { selection } = this.#parts;
    return selection.focusId !== null && selection.has(selection.focusId) ? selection.focusId : (this.ids[0] ?? null);
  }

  /** Whether a star would be taken away: the item at the focus decides for all. */
  get starred(): boolean {
    return this.first !== null && this.#parts.starred(this.first);
  }

  async star(): Promise<void> {
    const { starred } = this;
    await this.#parts.actions.star(await this.members(), !starred);
  }

  /** Into the trash, or out of it. */
  async trash(trashed: boolean): Promise<void> {
    const { ids } = this;
    await this.#parts.actions.trash(await this.#parts.members(ids), trashed);
    this.#parts.selection.drop(ids);
  }

  /** For what a tool that cannot be asked drew of texts here. */
  async takeDrawn(): Promise<void> {
    const { ids } = this;
    await this.#parts.actions.takeDrawn(await this.#parts.members(ids));
    this.#parts.selection.drop(ids);
  }

  async addToBoard(board: Pick<Board, 'id' | 'name'>): Promise<void> {
    await this.#parts.actions.addToBoard(await this.members(), board);
  }

  async takeFromBoard(board: Pick<Board, 'id' | 'name'>): Promise<void> {
    const { ids } = this;
    await this.#parts.actions.takeFromBoard(await this.#parts.members(ids), board);
    this.#parts.selection.drop(ids);
  }

  deleteForGood(itemIds: readonly string[]): Promise<void> {
    return this.#letGo(() => this.#parts.actions.deleteForGood(itemIds));
  }

  /** Everything in the trash, while the trash is shown. */
  emptyTrash(): Promise<void> {
    return this.#letGo(() => this.#parts.actions.emptyTrash());
  }

  async open(): Promise<void> {
    if (this.first !== null) await this.#parts.open(this.first);
  }

  async useAsStart(): Promise<void> {
    if (this.first !== null) await this.#parts.useAsStart(this.first);
  }

  async findSimilar(): Promise<void> {
    if (this.first !== null) await this.#parts.findSimilar(this.first);
  }

  showLineage(): void {
    if (this.first !== null) this.#parts.look({ type: 'lineage', itemId: this.first });
  }

  compare(): void {
    const [a, b] = this.ids;
    if (a !== undefined && b !== undefined) this.#parts.look({ type: 'compare', itemIds: [a, b] });
  }

  /** Chosen no longer from the start, so that nobody asks for details of what is being deleted; chosen again where deleting fails. */
  async #letGo(act: () => Promise<void>): Promise<void> {
    const { ids } = this;
    const chooseAgain = this.#parts.selection.remember();
    this.#parts.selection.drop(ids);
    try {
      await act();
    } catch (failure) {
      chooseAgain();
      throw failure;
    }
  }
}
