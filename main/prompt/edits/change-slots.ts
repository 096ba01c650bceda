import type { PromptDocument, Slot } from '../../../contract/texts/prompt.ts';
import { findSlots } from '../find-slots.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { mendSeams } from '../mend-seams.ts';
import { roundWeight, stepWeight } from '../slot-weight.ts';

/** Locks slots, so that they are kept when the rest is solved again, or frees them. */
export function lockSlots(document: PromptDocument, slotIds: readonly string[], locked: boolean): PromptDocument {
  const named = findSlots(document, slotIds);
  return { ...document, slots: document.slots.map((slot) => (named.has(slot.id) ? markSlot(slot, 'locked', locked) : slot)) };
}

/** Takes slots out of the prompt while they stay in the document, or brings them back. */
export function muteSlots(
  document: PromptDocument,
  slotIds: readonly string[],
  muted: boolean,
  tokenizer: Tokenizer,
): PromptDocument {
  const named = findSlots(document, slotIds);
  const slots = document.slots.map((slot) => (named.has(slot.id) ? markSlot(slot, 'muted', muted) : slot));
  return { ...document, slots: mendSeams(document.slots, slots, tokenizer) };
}

/** Gives slots an emphasis, 0..2, kept in hundredths. */
export function weighSlots(document: PromptDocument, slotIds: readonly string[], weight: number): PromptDocument {
  const named = findSlots(document, slotIds);
  const rounded = roundWeight(weight);
  return { ...document, slots: document.slots.map((slot) => (named.has(slot.id) ? { ...slot, weight: rounded } : slot)) };
}

/** Moves the emphasis of each slot by whole keyboard steps, from where it is, so that differences between words stay. */
export function stepWeights(document: PromptDocument, slotIds: readonly string[], steps: number): PromptDocument {
  const named = findSlots(document, slotIds);
  const slots = document.slots.map((slot) => (named.has(slot.id) ? { ...slot, weight: stepWeight(slot.weight, steps) } : slot));
  return { ...document, slots };
}

/** Takes slots out. What is left keeps its exact ids, even where that makes two halves of words meet. */
export function deleteSlots(document: PromptDocument, slotIds: readonly string[], tokenizer: Tokenizer): PromptDocument {
  const gone = findSlots(document, slotIds);
  const left = document.slots.filter((slot) => !gone.has(slot.id));
  return { ...document, slots: mendSeams(document.slots, left, tokenizer) };
}

/**
 * Moves slots to another place; among themselves they keep the document's order.
 * @param toIndex how many of the slots that stay shall stand before them; past the end means last
 */
export function moveSlots(
  document: PromptDocument,
  slotIds: readonly string[],
  toIndex: number,
  tokenizer: Tokenizer,
): PromptDocument {
  const named = findSlots(document, slotIds);
  const moved = document.slots.filter((slot) => named.has(slot.id));
  const staying = document.slots.filter((slot) => !named.has(slot.id));
  const slots = [...staying.slice(0, toIndex), ...moved, ...staying.slice(toIndex)];
  return { ...document, slots: mendSeams(document.slots, slots, tokenizer) };
}

/** The slot with a mark, or without it: a mark that is not set is left out, so that a text stays small. */
function markSlot(slot: Slot, mark: 'locked' | 'muted', isSet: boolean): Slot {
  const { locked, muted, ...plain } = slot;
  const marks = { locked, muted, [mark]: isSet };
  return {
    ...plain,
    ...(marks.locked === true ? { locked: true } : {}),
    ...(marks.muted === true ? { muted: true } : {}),
  };
}
