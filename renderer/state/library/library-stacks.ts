import type { LibraryRow } from '../../../contract/library.ts';
import type { OpenedStack } from './library-question.ts';
import type { LibrarySelection } from './library-selection.svelte.ts';

interface Options {
  readonly selection: LibrarySelection;
  /** Shows a stack alone; null shows the list again. Resolves when its first rows are here. */
  readonly show: (stack: OpenedStack | null) => Promise<void>;
  readonly rowAt: (index: number) => LibraryRow | null;
  /** How far the grid is scrolled, in CSS pixels. */
  readonly place: { scrolledTo: number };
}

/** Opens what lies under one row of the list, and goes back to where it was opened. */
export class LibraryStacks {
  readonly #options: Options;
  #left: { readonly scrolledTo: number; readonly index: number; readonly id: string } | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The first of its items is chosen then, so that keys go on. Nothing for a row that is one item alone. */
  async open(index: number, name: string): Promise<void> {
    const { selection, show, rowAt, place } = this.#options;
    const row = rowAt(index);
    if (!row?.stack) return;
    this.#left = { scrolledTo: place.scrolledTo, index, id: row.id };
    selection.reset();
    place.scrolledTo = 0;
    await show({ id: row.stack.id, name });
    const first = rowAt(0);
    if (first !== null && selection.focusId === null) selection.only(0, first.id);
  }

  async close(): Promise<void> {
    const { selection, show, place } = this.#options;
    const left = this.#left;
    this.#left = null;
    if (left === null) selection.reset();
    else selection.only(left.index, left.id);
    place.scrolledTo = left?.scrolledTo ?? 0;
    await show(null);
  }
}
