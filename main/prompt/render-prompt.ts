import type { PromptDocument } from '../../contract/prompt.ts';

/** Where one visible slot lies in the running text: UTF-16 offsets, end exclusive. */
export interface RenderedSlot {
  readonly slotIndex: number;
  readonly start: number;
  readonly end: number;
}

/** A run of visible slots up to one that ends a word: what stands between two spaces. */
export interface RenderedWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Indices into the document's slots; muted slots in between are not listed. */
  readonly slotIndices: readonly number[];
  /** False only for a last word that the document breaks off before its end. */
  readonly isWhole: boolean;
}

export interface RenderedPrompt {
  readonly text: string;
  readonly slots: readonly RenderedSlot[];
  readonly words: readonly RenderedWord[];
}

/**
 * The running text of a document. Muted slots are left out; weights do not show, because each target writes them in its
 * own way (see `dialects/`). Words are joined by one space.
 *
 * Some slots have no characters of their own: where one character takes several tokens, the first carries it. Such slots
 * belong to the word they stand in, and never make a word alone unless nothing else is there.
 */
export function renderPrompt(document: PromptDocument): RenderedPrompt {
  const slots: RenderedSlot[] = [];
  const words: RenderedWord[] = [];
  let text = '';
  let start = 0;
  let indices: number[] = [];
  let wordIsClosed = false;

  const closeWord = (): void => {
    words.push({ text: text.slice(start), start, end: text.length, slotIndices: indices, isWhole: wordIsClosed });
    indices = [];
  };

  document.slots.forEach((slot, slotIndex) => {
    if (slot.muted) return;
    if (wordIsClosed && slot.text !== '') {
      closeWord();
      text += ' ';
      start = text.length;
      wordIsClosed = false;
    }
    slots.push({ slotIndex, start: text.length, end: text.length + slot.text.length });
    text += slot.text;
    indices.push(slotIndex);
    if (slot.endsWord && text.length > start) wordIsClosed = true;
  });
  if (indices.length > 0) closeWord();
  return { text, slots, words };
}
