import type { PromptDocument, Slot } from '../../../contract/texts/prompt.ts';
import type { Alternative } from '../../../contract/texts/reading.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { findSlots } from '../find-slots.ts';

/**
 * Puts another token in a slot's place. Its source stays, because candidate and attention were read from the picture at this
 * position; the slot is exact again when the encoder's first choice is taken back.
 *
 * @param candidates what its reader saw at the slot's place, the chosen token first; null where no reading is stored, so that
 * any token of the vocabulary will do and its probability is not known
 * @throws StudioError `not-found` without such a slot, `bad-request` when the slot has no such candidate
 */
export function chooseAlternative(
  document: PromptDocument,
  { slotId, tokenId }: { readonly slotId: string; readonly tokenId: number },
  candidates: readonly Alternative[] | null,
  tokenizer: Tokenizer,
): PromptDocument {
  findSlots(document, [slotId]);
  const put = (slot: Slot): Slot => withAlternative(slot, tokenId, candidates, tokenizer);
  return { ...document, slots: document.slots.map((slot) => (slot.id === slotId ? put(slot) : slot)) };
}

function withAlternative(slot: Slot, tokenId: number, candidates: readonly Alternative[] | null, tokenizer: Tokenizer): Slot {
  const alternative = candidates?.find((candidate) => candidate.tokenId === tokenId);
  if (candidates === null ? tokenId >= tokenizer.vocabularySize : alternative === undefined) {
    throw new StudioError(
      'bad-request',
      `Token ${tokenId} is not among the alternatives of “${slot.text}”.`,
      'Choose one of the alternatives listed for this word, or type the word you want.',
      { slotId: slot.id, tokenId },
    );
  }
  const exact = slot.position !== null && candidates?.[0]?.tokenId === tokenId;
  return { ...slot, tokenId, ...tokenizer.tokenText(tokenId), exact, probability: alternative?.probability ?? null };
}
