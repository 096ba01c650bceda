import type { PackManifest } from '../../../contract/models/pack.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { EMPTY_PLACE } from '../judged-sweep.ts';
import type { SearchPlace } from '../search-text.ts';

/**
 * What may stand at each place of a text, an empty place among it, all equally likely.
 *
 * @param words by place
 */
export function toPlaces(words: readonly (readonly number[])[]): SearchPlace[] {
  return words.map((tokenIds, index) => {
    const choices = [...new Set(tokenIds), EMPTY_PLACE];
    return { index, candidates: choices.map((tokenId) => ({ tokenId, probability: 1 / choices.length })) };
  });
}

/** The words that a pack says stand at each place of its texts of this length; null where it does not say. Words of several tokens are left out. */
export function listPackWords({ world }: PackManifest, length: number, tokenizer: Tokenizer): number[][] | null {
  const places = world?.places?.[String(length)];
  if (places === undefined) return null;
  return places.map((words) =>
    words.flatMap((word) => {
      const tokens = tokenizer.encode(word);
      return tokens.length === 1 ? tokens.map(({ id }) => id) : [];
    }),
  );
}

/**
 * Lays the words of a text where they may stand, each at the first place that is free and knows it, and in the order of the text where two could
 * stand. Words that no place knows are left out, but for locked ones, which take the first free place.
 *
 * @returns by place, `EMPTY_PLACE` where there is none, and which places are locked
 */
export function layWords(
  text: readonly { readonly tokenId: number; readonly isLocked: boolean }[],
  places: readonly SearchPlace[],
): { readonly tokenIds: number[]; readonly locked: ReadonlySet<number> } {
  const tokenIds = places.map(() => EMPTY_PLACE);
  const locked = new Set<number>();
  for (const { tokenId, isLocked } of text) {
    const isFree = (index: number): boolean => tokenIds[index] === EMPTY_PLACE;
    const known = places.find(({ index, candidates }) => isFree(index) && candidates.some((one) => one.tokenId === tokenId));
    const place = known ?? (isLocked ? places.find(({ index }) => isFree(index)) : undefined);
    if (place === undefined) continue;
    tokenIds[place.index] = tokenId;
    if (isLocked) locked.add(place.index);
  }
  return { tokenIds, locked };
}
