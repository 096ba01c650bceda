import { standardKeymap } from '@codemirror/commands';
import { Annotation, Compartment, EditorState, Prec } from '@codemirror/state';
import type { Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { groupDecorations } from './group-decorations.ts';
import { hiddenLines } from './hidden-lines.ts';
import { promptEditorTheme } from './prompt-editor-theme.ts';
import { tokenDecorations } from './token-decorations.ts';
import { wordDragging } from './word-dragging.ts';
import type { DragEvents } from './word-dragging.ts';
import { say } from '../../../language/say.ts';

/** What happens in the editor, told to the studio. */
export interface PromptEditorEvents {
  onType(text: string): void;
  /** The caret or selection moved, or focus came or went. `from` and `to` are null without focus. */
  onSelect(from: number | null, to: number | null): void;
  /** The pointer is over this character, or over none. */
  onHover(position: number | null): void;
  /** A plain click on a character. */
  onClick(position: number): void;
  /** A key the studio may know, asked before the editor's own; true when it did something. */
  onPress(event: KeyboardEvent): boolean;
  readonly drag: DragEvents;
}

/** Marks a change of text that came from the studio and not from the person. */
export const fromStudio = Annotation.define<boolean>();

/** What the editor says of itself, apart from the rest so that it can follow the choice of another language. */
const spoken = new Compartment();
const speak = (): Extension => [
  placeholder(say('words.editor.empty')),
  EditorView.contentAttributes.of({ 'aria-label': say('words.editor') }),
];

/** Says what the editor is for in the page's language. Call in an effect, which then follows the choice of another. */
export function speakAgain(view: EditorView): void {
  view.dispatch({ effects: spoken.reconfigure(speak()) });
}

/** A position only where there really is a character under the pointer; beside or below the text there is none. */
function positionUnder(view: EditorView, event: MouseEvent): number | null {
  const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
  if (position === null) return null;
  const at = view.coordsAtPos(position, 1) ?? view.coordsAtPos(position, -1);
  if (at === null || event.clientY < at.top - 8 || event.clientY > at.bottom + 8) return null;
  return Math.abs(event.clientX - at.left) > 40 ? null : position;
}

/**
 * One line of running text that wraps. It keeps no history of its own: undo belongs to the studio, which undoes pictures
 * and lengths as well.
 */
export function createPromptEditor(parent: ShadowRoot, events: PromptEditorEvents): EditorView {
  return new EditorView({
    parent,
    root: parent,
    state: EditorState.create({
      doc: '',
      extensions: [
        promptEditorTheme,
        EditorView.lineWrapping,
        tokenDecorations,
        groupDecorations,
        hiddenLines,
        spoken.of(speak()),
        EditorView.contentAttributes.of({
          tabindex: '0',
          spellcheck: 'false',
          autocapitalize: 'off',
          autocorrect: 'off',
        }),
        EditorView.clipboardInputFilter.of((text) => text.replace(/\s+/g, ' ')),
        Prec.highest(EditorView.domEventHandlers({ keydown: (event) => events.onPress(event) })),
        wordDragging(events.drag),
        Prec.highest(keymap.of([{ key: 'Enter', run: () => true }])),
        keymap.of(standardKeymap),
        EditorView.updateListener.of((update) => {
          const typed = update.docChanged && !update.transactions.some((one) => one.annotation(fromStudio) === true);
          if (typed) events.onType(update.state.doc.toString());
          if (update.selectionSet || update.focusChanged || update.docChanged) {
            const { from, to } = update.state.selection.main;
            if (update.view.hasFocus) events.onSelect(from, to);
            else events.onSelect(null, null);
          }
        }),
        EditorView.domEventHandlers({
          mousemove: (event, view) => events.onHover(event.buttons === 0 ? positionUnder(view, event) : null),
          mouseleave: () => events.onHover(null),
          click: (event, view) => {
            const position = positionUnder(view, event);
            if (event.detail === 1 && position !== null && view.state.selection.main.empty) events.onClick(position);
          },
        }),
      ],
    }),
  });
}
