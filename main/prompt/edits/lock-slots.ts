import type { PromptDocument } from '../../../contract/prompt.ts';
import { findSlots } from '../find-slots.ts';
import { markSlot } from '../mark-slot.ts';

/** Locks slots, so that they are kept when the rest is solved again, or frees them. */
export function lockSlots(document: PromptDocument, slotIds: readonly string[], locked: boolean): PromptDocument {
  const named = findSlots(document, slotIds);
  return { ...document, slots: document.slots.map((slot) => (named.has(slot.id) ? markSlot(slot, 'locked', locked) : slot)) };
}
