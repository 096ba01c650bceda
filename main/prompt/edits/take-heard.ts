import { listSource } from '../../../contract/texts/prompt.ts';
import type { PromptDocument, Slot } from '../../../contract/texts/prompt.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { comparePrompts } from '../compare-prompts.ts';
import { mendSeams } from '../mend-seams.ts';
import { nextSlotNumber, refuseTooManySlots } from '../slots-from-text.ts';

/**
 * What a model heard in a picture drawn from this text takes the text's place. Tokens that are in both stay the slots they
 * are, with their weight, lock and source; locked and muted slots stay even where nothing was heard. New
 * tokens keep the source they were heard in, the reading of another picture.
 */
export function takeHeard(document: PromptDocument, heard: PromptDocument, tokenizer: Tokenizer): PromptDocument {
  const { leading, following } = attachMuted(document.slots);
  const slots: Slot[] = [...leading];
  let nextNumber = nextSlotNumber(document.slots);
  let sources = document.sources;
  for (const { before, after } of comparePrompts(document, heard).tokens) {
    const own = before === null ? undefined : document.slots[before];
    const other = after === null ? undefined : heard.slots[after];
    if (own !== undefined && (other !== undefined || own.locked)) slots.push(own);
    else if (other !== undefined) {
      const listed = listSource(sources, heard.sources[other.source] ?? { type: 'text' });
      sources = listed.sources;
      const { tokenId, text, endsWord, position, probability } = other;
      const id = `s${nextNumber++}`;
      slots.push({ id, tokenId, text, endsWord, source: listed.index, position, exact: false, probability, weight: 1 });
    }
    slots.push(...(following.get(before ?? -1) ?? []));
  }
  refuseTooManySlots(slots.length);
  return { ...document, sources, slots: mendSeams(document.slots, slots, tokenizer) };
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
