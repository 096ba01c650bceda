import type { PromptDocument } from '../../../contract/prompt.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { findSlots } from '../find-slots.ts';
import { mendSeams } from '../mend-seams.ts';

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
