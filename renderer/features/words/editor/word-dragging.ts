import { StateEffect, StateField } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView, ViewPlugin, WidgetType } from '@codemirror/view';
import type { DecorationSet } from '@codemirror/view';

/** What dragging asks of the studio. Positions are characters of the text. */
export interface DragEvents {
  /** The tokens that would move if the drag began here with this selection; empty where none can. */
  taken(position: number, selection: { readonly from: number; readonly to: number }): readonly string[];
  /** The beginning of the word before which a drop at this position puts them; the text's end behind the last. */
  landing(position: number): number;
  drop(slotIds: readonly string[], landing: number): void;
}

/** Less than this is a click that trembled. */
const leastPixels = 4;

const showLanding = StateEffect.define<number | null>();

class LandingMark extends WidgetType {
  override eq(): boolean {
    return true;
  }

  toDOM(): HTMLElement {
    const mark = document.createElement('span');
    mark.className = 'landing';
    mark.setAttribute('aria-hidden', 'true');
    return mark;
  }
}

const landingField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    let next = set.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(showLanding)) continue;
      const mark = Decoration.widget({ widget: new LandingMark(), side: -1 });
      next = effect.value === null ? Decoration.none : Decoration.set([mark.range(effect.value)]);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

interface Drag {
  readonly ids: readonly string[];
  readonly x: number;
  readonly y: number;
  landing: number | null;
}

/**
 * Words are dragged by their selection, as text is everywhere, or with Alt held from anywhere in a word. The studio moves
 * the tokens themselves, so that ids, locks and weights travel with them; the browser's own drag would make them text.
 */
export function wordDragging(events: DragEvents): Extension {
  const plugin = ViewPlugin.fromClass(
    class {
      readonly #view: EditorView;
      #drag: Drag | null = null;

      constructor(view: EditorView) {
        this.#view = view;
      }

      /** True when the press begins a drag, so that the editor does not take it as a selection. */
      press(event: MouseEvent): boolean {
        const position = this.#view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (event.button !== 0 || event.shiftKey || position === null) return false;
        const { from, to } = this.#view.state.selection.main;
        const inSelection = from < to && from <= position && position <= to;
        if (!inSelection && !event.altKey) return false;
        const ids = events.taken(position, inSelection ? { from, to } : { from: position, to: position });
        if (ids.length === 0) return false;
        this.#drag = { ids, x: event.clientX, y: event.clientY, landing: null };
        window.addEventListener('mousemove', this.#move);
        window.addEventListener('mouseup', this.#release);
        window.addEventListener('keydown', this.#leave, true);
        return true;
      }

      readonly #move = (event: MouseEvent): void => {
        const drag = this.#drag;
        if (drag === null) return;
        const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) >= leastPixels;
        if (drag.landing === null && !far) return;
        const position = this.#view.posAtCoords({ x: event.clientX, y: event.clientY }, false);
        const landing = events.landing(position);
        if (landing === drag.landing) return;
        drag.landing = landing;
        this.#view.dispatch({ effects: showLanding.of(landing) });
      };

      readonly #release = (event: MouseEvent): void => {
        const drag = this.#drag;
        this.#end();
        if (drag === null) return;
        if (drag.landing !== null) events.drop(drag.ids, drag.landing);
        else {
          // It was a click on the selection: the caret goes there, as in any editor.
          const anchor = this.#view.posAtCoords({ x: event.clientX, y: event.clientY }, false);
          this.#view.focus();
          this.#view.dispatch({ selection: { anchor } });
        }
      };

      readonly #leave = (event: KeyboardEvent): void => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        this.#end();
      };

      #end(): void {
        if (this.#drag?.landing != null) this.#view.dispatch({ effects: showLanding.of(null) });
        this.#drag = null;
        window.removeEventListener('mousemove', this.#move);
        window.removeEventListener('mouseup', this.#release);
        window.removeEventListener('keydown', this.#leave, true);
      }

      destroy(): void {
        this.#drag = null;
        window.removeEventListener('mousemove', this.#move);
        window.removeEventListener('mouseup', this.#release);
        window.removeEventListener('keydown', this.#leave, true);
      }
    },
    {
      eventHandlers: {
        mousedown(event) {
          if (!this.press(event)) return false;
          event.preventDefault();
          return true;
        },
        dragstart(event) {
          event.preventDefault();
          return true;
        },
      },
    },
  );
  return [landingField, plugin];
}
