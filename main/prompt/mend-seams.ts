import type { Slot } from '../../contract/texts/prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/**
 * Where an edit gave a slot a new neighbour to its right, the spacing of the old neighbourhood says nothing any more
 * ("Hello," loses its comma and meets "world"). There, the token itself decides whether a space follows, so that the
 * running text reads as the text encoder reads the ids.
 */
export function mendSeams(before: readonly Slot[], after: readonly Slot[], tokenizer: Tokenizer): Slot[] {
  const oldNeighbours = neighbours(before);
  const newNeighbours = neighbours(after);
  return after.map((slot) => {
    if (slot.muted || oldNeighbours.get(slot.id) === newNeighbours.get(slot.id)) return slot;
    const { endsWord } = tokenizer.tokenText(slot.tokenId);
    return endsWord === slot.endsWord ? slot : { ...slot, endsWord };
  });
}

/** For every visible slot the id of the visible slot to its right, null for the last. */
function neighbours(slots: readonly Slot[]): ReadonlyMap<string, string | null> {
  const visible = slots.filter((slot) => !slot.muted);
  return new Map(visible.map((slot, index) => [slot.id, visible[index + 1]?.id ?? null]));
}
