import type { Slot } from '../../../contract/texts/prompt.ts';

/** Where a slot's characters stand in the text on screen; `to` is exclusive. */
export interface SlotRange {
  readonly slot: Slot;
  readonly from: number;
  readonly to: number;
}

/** A run of slots up to the first that ends a word: what a person points at. */
export interface Word {
  readonly ranges: readonly SlotRange[];
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The running text of slots, muted ones included: what the editor shows. */
export function runningText(slots: readonly Slot[]): string {
  return slots.map((slot, index) => slot.text + (slot.endsWord && index < slots.length - 1 ? ' ' : '')).join('');
}

/**
 * Finds every slot in a text that may be typed differently (capitals, more spaces, what the tokenizer drops).
 * Slots stand in order, so each is looked for behind the one before; one that is not there gets no range.
 */
export function locateSlots(text: string, slots: readonly Slot[]): SlotRange[] {
  const haystack = text.toLowerCase();
  const found: SlotRange[] = [];
  let from = 0;
  for (const slot of slots) {
    const needle = slot.text.toLowerCase();
    if (needle === '') continue;
    const at = haystack.indexOf(needle, from);
    if (at < 0) continue;
    found.push({ slot, from: at, to: at + needle.length });
    from = at + needle.length;
  }
  return found;
}

export function wordsOf(ranges: readonly SlotRange[]): Word[] {
  const words: Word[] = [];
  let open: SlotRange[] = [];
  const close = (): void => {
    const first = open[0];
    const last = open.at(-1);
    if (first !== undefined && last !== undefined) {
      words.push({ ranges: open, from: first.from, to: last.to, text: open.map((range) => range.slot.text).join('') });
    }
    open = [];
  };
  for (const range of ranges) {
    const last = open.at(-1);
    if (last !== undefined && last.to !== range.from) close();
    open.push(range);
    if (range.slot.endsWord) close();
  }
  close();
  return words;
}

/** Slots by word, in order, muted ones included. */
export function groupWords(slots: readonly Slot[]): readonly (readonly Slot[])[] {
  const words: Slot[][] = [];
  let open: Slot[] = [];
  for (const slot of slots) {
    open.push(slot);
    if (!slot.endsWord) continue;
    words.push(open);
    open = [];
  }
  return open.length === 0 ? words : [...words, open];
}

/** The word whose characters hold or touch `position`; a caret just behind a word still belongs to it. */
export function wordAt(words: readonly Word[], position: number): Word | null {
  return words.find((word) => word.from <= position && position < word.to) ?? words.find((word) => word.to === position) ?? null;
}

/** What makes two documents draw the same: the ids and weights that reach the decoder. */
export function drawingKey(slots: readonly Slot[]): string {
  return slots
    .filter((slot) => !slot.muted)
    .map((slot) => (slot.weight === 1 ? String(slot.tokenId) : `${slot.tokenId}:${slot.weight}`))
    .join(' ');
}
