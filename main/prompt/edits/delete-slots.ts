import type { PromptDocument } from '../../../contract/prompt.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { findSlots } from '../find-slots.ts';
import { mendSeams } from '../mend-seams.ts';

/** Takes slots out. What is left keeps its exact ids, even where that makes two halves of words meet. */
export function deleteSlots(document: PromptDocument, slotIds: readonly string[], tokenizer: Tokenizer): PromptDocument {
  const gone = findSlots(document, slotIds);
  const left = document.slots.filter((slot) => !gone.has(slot.id));
  return { ...document, slots: mendSeams(document.slots, left, tokenizer) };
}
