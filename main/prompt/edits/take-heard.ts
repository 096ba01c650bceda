import type { PromptDocument, Slot } from '../../../contract/prompt.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { comparePrompts } from '../compare-prompts.ts';
import { mendSeams } from '../mend-seams.ts';
import { nextSlotNumber, refuseTooManySlots } from '../slots-from-text.ts';

/**
 * What a model heard in a picture drawn from this text takes the text's place. Tokens that are in both stay the slots they
 * are, with their weight, lock and attention to the original; locked and muted slots stay even where nothing was heard. New
 * tokens come from another picture (`imageB`), so they have no attention here and are no reading of this one.
 */
export function takeHeard(document: PromptDocument, heard: PromptDocument, tokenizer: Tokenizer): PromptDocument {
  const { leading, following } = attachMuted(document.slots);
  const slots: Slot[] = [...leading];
  let nextNumber = nextSlotNumber(document.slots);
  for (const { before, after } of comparePrompts(document, heard).tokens) {
    const own = before === null ? undefined : document.slots[before];
    const other = after === null ? undefined : heard.slots[after];
    if (own !== undefined && (other !== undefined || own.locked)) slots.push(own);
    else if (other !== undefined) slots.push(fromHeard(other, `s${nextNumber++}`));
    slots.push(...(following.get(before ?? -1) ?? []));
  }
  refuseTooManySlots(slots.length);
  return { ...document, slots: mendSeams(document.slots, slots, tokenizer) };
}

function fromHeard(slot: Slot, id: string): Slot {
  return { ...slot, id, origin: 'imageB', exact: false, position: null, attention: null, weight: 1, locked: false, muted: false };
}

/** Muted slots by the visible slot they stand behind. */
function attachMuted(slots: readonly Slot[]): { leading: Slot[]; following: ReadonlyMap<number, readonly Slot[]> } {
  const leading: Slot[] = [];
  const following = new Map<number, Slot[]>();
  let visible: number | null = null;
  for (const [index, slot] of slots.entries()) {
    if (!slot.muted) visible = index;
    else if (visible === null) leading.push(slot);
    else following.set(visible, [...(following.get(visible) ?? []), slot]);
  }
  return { leading, following };
}
