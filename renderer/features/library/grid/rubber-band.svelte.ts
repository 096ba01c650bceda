import type { LibraryPart } from '../../../state/library/library-context.ts';
import { bandBetween, listTouched, scrollStep } from './grid-band.ts';
import type { GridBand, GridPoint } from './grid-band.ts';
import type { GridSight } from './grid-gestures.ts';

interface Options {
  readonly part: LibraryPart;
  readonly look: () => GridSight;
}

interface Gesture {
  readonly room: HTMLElement;
  readonly pointerId: number;
  readonly from: GridPoint;
  /** What stays chosen beside what is touched. */
  readonly kept: ReadonlySet<string>;
  readonly putBack: () => void;
  /** Items by position, kept for those that are scrolled far away again. */
  readonly ids: Map<number, string | null>;
  band: GridBand | null;
  chosen: ReadonlySet<string> | null;
  at: { readonly clientX: number; readonly clientY: number };
  reading: boolean;
}

/** A trembling hand draws no rectangle. */
const startPixels = 4;

/** The rectangle drawn from empty space of the grid: it chooses what it touches, and the grid scrolls where it is drawn over an edge. */
export class RubberBand {
  #band: GridBand | null = $state.raw(null);
  #gesture: Gesture | null = null;
  #frame = 0;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** What is drawn now; null while nothing is. */
  get band(): GridBand | null {
    return this.#band;
  }

  /** Call before the press itself changes what is chosen. A finger scrolls instead. */
  begin(event: PointerEvent): void {
    const room = event.currentTarget;
    if (event.button !== 0 || event.pointerType === 'touch' || !(room instanceof HTMLElement)) return;
    this.#end();
    const { selection } = this.#options.part.library;
    const more = event.shiftKey || event.ctrlKey || event.metaKey;
    const { pointerId, clientX, clientY } = event;
    const kept = more ? selection.ids : new Set<string>();
    const at = { clientX, clientY };
    const from = this.#locate(room, at);
    const putBack = selection.remember();
    this.#gesture = { room, pointerId, from, kept, putBack, ids: new Map(), band: null, chosen: null, at, reading: false };
    room.setPointerCapture(pointerId);
    room.addEventListener('pointermove', this.#move);
    room.addEventListener('pointerup', this.#letGo);
    room.addEventListener('lostpointercapture', this.#end);
    window.addEventListener('keydown', this.#leave, true);
  }

  readonly #move = (event: PointerEvent): void => {
    if (this.#gesture === null) return;
    this.#gesture.at = { clientX: event.clientX, clientY: event.clientY };
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#follow);
  };

  /** Every frame, because the grid goes on scrolling under a pointer that rests at an edge. */
  readonly #follow = (): void => {
    const gesture = this.#gesture;
    if (gesture === null) return;
    if (this.#band !== null) {
      const { room, at } = gesture;
      room.scrollTop += scrollStep(at.clientY - room.getBoundingClientRect().top, this.#options.look().height);
    }
    this.#draw(gesture);
    this.#frame = requestAnimationFrame(this.#follow);
  };

  readonly #letGo = (event: PointerEvent): void => {
    if (this.#gesture === null) return;
    this.#gesture.at = { clientX: event.clientX, clientY: event.clientY };
    this.#draw(this.#gesture);
    this.#end();
  };

  readonly #leave = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.#band === null) return;
    // Not the library's own Escape, which would choose nothing.
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#gesture?.putBack();
    this.#end();
  };

  readonly #end = (): void => {
    const gesture = this.#gesture;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#band = null;
    this.#gesture = null;
    if (gesture === null) return;
    const { room, pointerId } = gesture;
    room.removeEventListener('pointermove', this.#move);
    room.removeEventListener('pointerup', this.#letGo);
    room.removeEventListener('lostpointercapture', this.#end);
    window.removeEventListener('keydown', this.#leave, true);
    if (room.hasPointerCapture(pointerId)) room.releasePointerCapture(pointerId);
  };

  #draw(gesture: Gesture): void {
    const { layout, width, height } = this.#options.look();
    const to = this.#locate(gesture.room, gesture.at);
    const far = Math.hypot(to.x - gesture.from.x, to.y - gesture.from.y);
    if (this.#band === null && far < startPixels) return;
    const band = bandBetween(gesture.from, to, width, Math.max(height, layout.height));
    const last = this.#band;
    const same = last?.left === band.left && last.top === band.top && last.width === band.width && last.height === band.height;
    if (same) return;
    this.#band = band;
    this.#choose(gesture, band);
  }

  #choose(gesture: Gesture, band: GridBand): void {
    const { layout } = this.#options.look();
    const { part } = this.#options;
    const touched = listTouched(layout, band);
    const known = touched.map((index) => [index, this.#findId(gesture, index)] as const);
    const here = known.filter((one): one is readonly [number, string] => typeof one[1] === 'string');
    const missing = known.flatMap(([index, id]) => (id === undefined ? [index] : []));
    const [first] = here;
    gesture.band = band;
    gesture.chosen = new Set([...gesture.kept, ...here.map(([, id]) => id)]);
    part.library.selection.gather(gesture.chosen, first === undefined ? null : { index: first[0], id: first[1] });
    const [from, to] = [missing[0], missing.at(-1)];
    if (from !== undefined && to !== undefined && !gesture.reading) part.attempt(this.#read(gesture, from, to));
  }

  /** Undefined while it is not known, null where nothing is any more. */
  #findId({ ids }: Gesture, index: number): string | null | undefined {
    const id = ids.get(index) ?? this.#options.part.library.row(index)?.id;
    if (id !== undefined) ids.set(index, id);
    return ids.get(index);
  }

  /** Rows that were flown by are not here. They are chosen once they are known, also when the hand has let go meanwhile. */
  async #read(gesture: Gesture, first: number, last: number): Promise<void> {
    const { library } = this.#options.part;
    gesture.reading = true;
    try {
      const ids = await library.readIdsBetween(first, last);
      for (let index = first; index <= last; index += 1) gesture.ids.set(index, ids[index - first] ?? null);
    } finally {
      gesture.reading = false;
    }
    // Not when something else has been chosen since.
    if (gesture.band !== null && library.selection.ids === gesture.chosen) this.#choose(gesture, gesture.band);
  }

  #locate(room: HTMLElement, { clientX, clientY }: Gesture['at']): GridPoint {
    const box = room.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top + room.scrollTop };
  }
}
