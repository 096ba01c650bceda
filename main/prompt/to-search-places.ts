import type { PromptDocument } from '../../contract/texts/prompt.ts';
import type { FreePlace } from './find-free-places.ts';
import type { SearchPlace } from './search-text.ts';

/** Below this the encoder all but rules a token out, and trying it would waste the budget. */
const LEAST_PROBABILITY = 0.001;
const MOST_CANDIDATES = 5;

/** Places as a search counts them: among visible tokens only. */
export function toSearchPlaces({ slots }: Pick<PromptDocument, 'slots'>, places: readonly FreePlace[]): SearchPlace[] {
  const visible = slots.flatMap((slot, index) => (slot.muted ? [] : [index]));
  return places.map(({ slotIndex, alternatives }) => ({
    index: visible.indexOf(slotIndex),
    candidates: alternatives
      .filter(({ probability }, rank) => rank === 0 || probability >= LEAST_PROBABILITY)
      .slice(0, MOST_CANDIDATES),
  }));
}
