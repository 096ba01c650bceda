import type { Board, LibraryItem } from '../../contract/library.ts';
import type { LibraryBrowser } from './library-browser.svelte.ts';

/** What is done with the chosen items, from a key, the bar or a menu. */
export class ChosenItems {
  readonly #browser: LibraryBrowser;
  readonly #useAsStart: (item: LibraryItem) => void;

  constructor(browser: LibraryBrowser, useAsStart: (item: LibraryItem) => void) {
    this.#browser = browser;
    this.#useAsStart = useAsStart;
  }

  get ids(): readonly string[] {
    return [...this.#browser.selection.ids];
  }

  /** The chosen item the keyboard is at, or the only one; null when nothing is chosen. */
  get first(): string | null {
    const { selection } = this.#browser;
    return selection.focusId !== null && selection.has(selection.focusId) ? selection.focusId : (this.ids[0] ?? null);
  }

  /** Whether a star would be taken away: the item at the focus decides for all. */
  get starred(): boolean {
    const { first } = this;
    const index = first === null ? -1 : this.#browser.indexOf(first);
    return index >= 0 && this.#browser.row(index)?.starred === true;
  }

  star(): Promise<void> {
    return this.#browser.acts.star(this.ids, !this.starred);
  }

  /** Into the trash, or out of it. */
  async trash(trashed: boolean): Promise<void> {
    const { ids } = this;
    await this.#browser.acts.trash(ids, trashed);
    this.#browser.selection.drop(ids);
  }

  addToBoard(board: Pick<Board, 'id' | 'name'>): Promise<void> {
    return this.#browser.acts.addToBoard(this.ids, board);
  }

  async takeFromBoard(board: Pick<Board, 'id' | 'name'>): Promise<void> {
    const { ids } = this;
    await this.#browser.acts.takeFromBoard(ids, board);
    this.#browser.selection.drop(ids);
  }

  async deleteForGood(): Promise<void> {
    const { ids } = this;
    await this.#browser.acts.deleteForGood(ids);
    this.#browser.selection.drop(ids);
  }

  async open(): Promise<void> {
    if (this.first !== null) await this.#browser.openInStudio(this.first);
  }

  async useAsStart(): Promise<void> {
    if (this.first !== null) this.#useAsStart(await this.#browser.read(this.first));
  }

  async findSimilar(): Promise<void> {
    if (this.first !== null) await this.#browser.finder.likeItem(this.first);
  }

  showLineage(): void {
    if (this.first !== null) this.#browser.look({ type: 'lineage', itemId: this.first });
  }

  compare(): void {
    const [a, b] = this.ids;
    if (a !== undefined && b !== undefined) this.#browser.look({ type: 'compare', itemIds: [a, b] });
  }
}
