import type { Extension } from '@codemirror/state';
import { ViewPlugin } from '@codemirror/view';
import type { EditorView, ViewUpdate } from '@codemirror/view';

/** Less than this is rounding, in CSS pixels. */
const leastPixels = 4;

/** Says on the editor itself (`data-hidden`: `above`, `below` or both) where words are out of sight; the theme lets them fade there. */
export const hiddenLines: Extension = ViewPlugin.fromClass(
  class {
    readonly #view: EditorView;
    readonly #resized: ResizeObserver;

    constructor(view: EditorView) {
      this.#view = view;
      this.#resized = new ResizeObserver(() => this.look());
      this.#resized.observe(view.scrollDOM);
      this.look();
    }

    update(update: ViewUpdate): void {
      if (update.geometryChanged || update.docChanged) this.look();
    }

    look(): void {
      this.#view.requestMeasure({
        key: this,
        read: ({ scrollDOM: { scrollTop, scrollHeight, clientHeight } }) =>
          [scrollTop > leastPixels ? 'above' : '', scrollHeight - clientHeight - scrollTop > leastPixels ? 'below' : '']
            .join(' ')
            .trim(),
        write: (hidden, { scrollDOM }) => {
          if (scrollDOM.dataset['hidden'] !== hidden) scrollDOM.dataset['hidden'] = hidden;
        },
      });
    }

    destroy(): void {
      this.#resized.disconnect();
    }
  },
  {
    eventObservers: {
      scroll() {
        this.look();
      },
    },
  },
);
