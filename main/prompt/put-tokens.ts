import type { PromptDocument, Slot } from '../../contract/prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { FreePlace } from './find-free-places.ts';
import { mendSeams } from './mend-seams.ts';

/**
 * The document with other tokens at its free places. A slot that got another token becomes a reading of the picture at its
 * place (candidates, attention, probability) and keeps its id and its weight; all others stay as they are.
 *
 * @param tokenIds one a visible slot of the document, in order
 */
export function putTokens(
  document: PromptDocument,
  tokenIds: readonly number[],
  places: readonly FreePlace[],
  tokenizer: Tokenizer,
): PromptDocument {
  const readings = new Map(places.map(({ slotIndex, reading }) => [slotIndex, reading]));
  let visible = 0;
  const slots = document.slots.map((slot, index): Slot => {
    if (slot.muted) return slot;
    const tokenId = tokenIds[visible++] ?? slot.tokenId;
    const reading = readings.get(index);
    if (tokenId === slot.tokenId || reading === undefined) return slot;
    const { alternatives, attention, position, origin } = reading;
    const probability = alternatives.find((one) => one.tokenId === tokenId)?.probability ?? null;
    const exact = reading.tokenId === tokenId;
    return { ...slot, tokenId, ...tokenizer.tokenText(tokenId), origin, exact, probability, position, alternatives, attention };
  });
  return { ...document, slots: mendSeams(document.slots, slots, tokenizer) };
}
