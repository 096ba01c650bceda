import type { LibraryPart } from '../../../state/library/library-context.ts';
import { nameOf } from '../describe-item.ts';
import { cutText } from '../../../../contract/texts/cut-text.ts';
import { draggedItemsType, lendPicture } from '../dragged-items.ts';
import { moveFocus, scrollToCell } from './grid-layout.ts';
import type { GridLayout } from './grid-layout.ts';

/** The grid as its gestures see it, at the moment they happen. */
export interface GridSight {
  readonly layout: GridLayout;
  /** Of the room, in CSS pixels, without the scroll bar. */
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
}

interface Options {
  readonly part: LibraryPart;
  readonly look: () => GridSight;
  readonly scrollTo: (top: number) => void;
  /** Opens the menu of the chosen items at a place of the window. */
  readonly openMenu: (at: { readonly x: number; readonly y: number }) => void;
  /** A rectangle may be drawn from here: no item can be dragged from where the press is. */
  readonly beginBand: (event: PointerEvent) => void;
}

/** A jump may go where nothing has been read yet: how often and how long its row is waited for. */
const waits = 40;
const waitMs = 25;
/** Presses this close to each other are one double press. */
const twoPressesMs = 500;

/** Mouse and keys of the library's grid: what they choose, open and drag. */
export class GridGestures {
  readonly #options: Options;
  /** When a stack was opened last, on the clock of events. */
  #openedMs = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
  }

  readonly press = (event: PointerEvent): void => {
    const { part, look, beginBand } = this.#options;
    const { library } = part;
    const index = indexAt(event);
    const id = index === null ? undefined : library.row(index)?.id;
    if (index === null || id === undefined) {
      // Not on the scroll bar, which lies beyond the inner width.
      if (event.offsetX >= look().width) return;
      beginBand(event);
      if (!event.shiftKey && !event.ctrlKey && !event.metaKey) library.selection.clear();
    } else {
      if (event.shiftKey) part.attempt(library.selectTo(index));
      else if (event.ctrlKey || event.metaKey) library.selection.toggle(index, id);
      // A press on one of several chosen items may begin a drag of them all; letting go without one chooses it alone.
      else if (!library.selection.has(id)) library.selection.only(index, id);
    }
  };

  readonly click = (event: MouseEvent): void => {
    const { part } = this.#options;
    const { library } = part;
    const index = indexAt(event);
    const id = index === null ? undefined : library.row(index)?.id;
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    if (index === null || id === undefined || more) return;
    const act = actOf(event);
    if (act === 'menu') this.#options.openMenu({ x: event.clientX, y: event.clientY });
    else library.selection.only(index, id);
    if (act === 'stack') this.#open(index, event.timeStamp);
    if (act === 'star') part.attempt(library.chosen.star());
  };

  readonly open = (event: MouseEvent): void => {
    const index = indexAt(event);
    // One press of the number has opened the stack, and the second falls on what lies there now.
    if (index === null || actOf(event) !== null || event.timeStamp - this.#openedMs < twoPressesMs) return;
    this.#open(index, event.timeStamp);
  };

  readonly drag = (event: DragEvent): void => {
    if (event.dataTransfer === null) return;
    const { library, platform } = this.#options.part;
    const index = indexAt(event);
    const row = index === null ? null : library.row(index);
    const outward = event.target instanceof Element && event.target.closest('[data-drag-out]') !== null;
    // Where a file drags alone, the tile goes to a board and its handle out of the window; elsewhere the tile does both.
    if (row !== null && row.image !== null && outward === platform.dragsOnlyFiles) {
      lendPicture(row.image.sha256);
      platform.dragPicture(event, { sha256: row.image.sha256, mediaType: row.image.mediaType, title: cutText(nameOf(row), 100) });
    }
    if (event.defaultPrevented) return;
    event.dataTransfer.setData(draggedItemsType, JSON.stringify(library.chosen.ids));
    event.dataTransfer.effectAllowed = 'copy';
  };

  readonly menu = (event: MouseEvent): void => {
    if (indexAt(event) === null) return;
    event.preventDefault();
    this.#options.openMenu({ x: event.clientX, y: event.clientY });
  };

  readonly key = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    const { part, look } = this.#options;
    const { selection } = part.library;
    if (event.key === 'Enter') this.#open(selection.focus, event.timeStamp);
    else if (event.key === ' ') part.attempt(this.#go(selection.focus, 'toggle'));
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) this.#openMenuAtFocus(selection.focus);
    else {
      const { layout, height } = look();
      const fresh = selection.focusId === null && event.key.startsWith('Arrow');
      const to = fresh ? 0 : moveFocus(event.key, selection.focus, layout, height);
      if (to === null || layout.total === 0) return;
      part.attempt(this.#go(to, event.shiftKey ? 'range' : 'only'));
    }
    event.preventDefault();
  };

  /** A stack shows what lies in it; an item opens in the Studio. */
  #open(index: number, timeMs: number): void {
    const { part } = this.#options;
    const row = part.library.row(index);
    if (!row?.stack) part.attempt(part.library.chosen.open());
    else {
      this.#openedMs = timeMs;
      part.attempt(part.library.stacks.open(index, nameOf(row)));
    }
  }

  async #go(index: number, how: 'only' | 'range' | 'toggle'): Promise<void> {
    const { part, look, scrollTo } = this.#options;
    const { library } = part;
    const { layout, scrollTop, height } = look();
    const top = scrollToCell(layout, index, scrollTop, height);
    if (top !== null) scrollTo(top);
    if (how === 'range') {
      await library.selectTo(index);
      return;
    }
    const id = await this.#rowId(index);
    if (id === null) return;
    if (how === 'only') library.selection.only(index, id);
    else library.selection.toggle(index, id);
  }

  async #rowId(index: number): Promise<string | null> {
    const { library } = this.#options.part;
    for (let wait = 0; wait < waits; wait += 1) {
      const row = library.row(index);
      if (row !== null) return row.id;
      library.show(index, index);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    return null;
  }

  #openMenuAtFocus(index: number): void {
    const box = document.getElementById(`library-cell-${index}`)?.getBoundingClientRect();
    if (box !== undefined) this.#options.openMenu({ x: box.left + 24, y: box.top + 24 });
  }
}

/** What a press on a part of a tile does by itself; null on the rest of it. */
function actOf(event: Event): 'stack' | 'star' | 'menu' | null {
  const act = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-act]')?.dataset['act'] : undefined;
  return act === 'stack' || act === 'star' || act === 'menu' ? act : null;
}

/** The position of the item an event happened on; null beside all of them. */
function indexAt(event: Event): number | null {
  const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-index]') : null;
  return cell === null ? null : Number(cell.dataset['index']);
}
