import { listSource } from '../../contract/texts/prompt.ts';
import type { PromptDocument, Slot, TokenSource } from '../../contract/texts/prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { FreePlace } from './find-free-places.ts';
import { mendSeams } from './mend-seams.ts';

/**
 * The document with other tokens at its free places. A slot that got another token becomes one of `source`, the reading the
 * places are of, and keeps its id and its weight; all others stay as they are.
 *
 * @param tokenIds one a visible slot of the document, in order
 */
export function putTokens(
  document: PromptDocument,
  tokenIds: readonly number[],
  { places, source }: { readonly places: readonly FreePlace[]; readonly source: TokenSource },
  tokenizer: Tokenizer,
): PromptDocument {
  const placeOf = new Map(places.map((place) => [place.slotIndex, place]));
  const { sources, index: sourceIndex } = listSource(document.sources, source);
  let visible = 0;
  const slots = document.slots.map((slot, index): Slot => {
    if (slot.muted) return slot;
    const tokenId = tokenIds[visible++] ?? slot.tokenId;
    const place = placeOf.get(index);
    if (tokenId === slot.tokenId || place === undefined) return slot;
    const { alternatives, position } = place;
    const probability = alternatives.find((one) => one.tokenId === tokenId)?.probability ?? null;
    const exact = alternatives[0]?.tokenId === tokenId;
    return { ...slot, tokenId, ...tokenizer.tokenText(tokenId), source: sourceIndex, exact, probability, position };
  });
  return { ...document, sources, slots: mendSeams(document.slots, slots, tokenizer) };
}
