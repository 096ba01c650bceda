import type { PromptDocument } from '../../../contract/prompt.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { findSlots } from '../find-slots.ts';
import { markSlot } from '../mark-slot.ts';
import { mendSeams } from '../mend-seams.ts';

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
