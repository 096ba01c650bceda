import type { PromptDocument, Slot } from '../../../contract/prompt.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { findSlots } from '../find-slots.ts';

/**
 * Puts another of the encoder's candidates in a slot's place. Origin and attention stay, because candidate and attention
 * were read from the picture at this position; the slot is exact again when the encoder's first choice is taken back.
 * @throws StudioError `not-found` without such a slot, `bad-request` when the slot has no such candidate
 */
export function chooseAlternative(
  document: PromptDocument,
  slotId: string,
  tokenId: number,
  tokenizer: Tokenizer,
): PromptDocument {
  findSlots(document, [slotId]);
  const slots = document.slots.map((slot) => (slot.id === slotId ? withAlternative(slot, tokenId, tokenizer) : slot));
  return { ...document, slots };
}

function withAlternative(slot: Slot, tokenId: number, tokenizer: Tokenizer): Slot {
  const alternative = slot.alternatives.find((candidate) => candidate.tokenId === tokenId);
  if (alternative === undefined) {
    throw new StudioError(
      'bad-request',
      `Token ${tokenId} is not among the alternatives of “${slot.text}”.`,
      'Choose one of the alternatives listed for this word, or type the word you want.',
      { slotId: slot.id, tokenId },
    );
  }
  const { text, endsWord } = tokenizer.tokenText(tokenId);
  return {
    ...slot,
    tokenId,
    text,
    endsWord,
    exact: slot.position !== null && slot.alternatives[0]?.tokenId === tokenId,
    probability: alternative.probability,
  };
}
