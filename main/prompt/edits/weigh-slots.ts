import type { PromptDocument } from '../../../contract/prompt.ts';
import { findSlots } from '../find-slots.ts';
import { roundWeight, stepWeight } from '../slot-weight.ts';

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
