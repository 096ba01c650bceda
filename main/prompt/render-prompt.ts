import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { visibleWords } from '../../contract/texts/words.ts';
import type { VisibleWord } from '../../contract/texts/words.ts';

/** Where one visible slot lies in the running text: UTF-16 offsets, end exclusive. */
export interface RenderedSlot {
  readonly slotIndex: number;
  readonly start: number;
  readonly end: number;
}

/** A word and where it stands in the running text. */
export interface RenderedWord extends VisibleWord {
  readonly start: number;
  readonly end: number;
}

export interface RenderedPrompt {
  readonly text: string;
  readonly slots: readonly RenderedSlot[];
  readonly words: readonly RenderedWord[];
}

/**
 * The running text of a document. Muted slots are left out; weights do not show, because each target writes them in its
 * own way (see `dialects/`). Words are joined by one space.
 */
export function renderPrompt(document: PromptDocument): RenderedPrompt {
  const slots: RenderedSlot[] = [];
  const words: RenderedWord[] = [];
  let text = '';
  for (const word of visibleWords(document.slots)) {
    if (words.length > 0) text += ' ';
    const start = text.length;
    for (const slotIndex of word.slotIndices) {
      const from = text.length;
      text += document.slots[slotIndex]?.text ?? '';
      slots.push({ slotIndex, start: from, end: text.length });
    }
    words.push({ ...word, start, end: text.length });
  }
  return { text, slots, words };
}
