import { isContentWord } from '../../../../contract/texts/words.ts';
import type { Slot } from '../../../../contract/texts/prompt.ts';
import { groupWords } from '../prompt-text.ts';

interface Droppable {
  readonly slotIds: readonly string[];
  /** A lower rank goes first, and in one rank what is worth less. */
  readonly rank: number;
  readonly worth: number;
}

/**
 * What goes first, in this order. Measured values and the sureness of a reader are of two scales, so they are never compared: a word that
 * was measured and one that was not are apart by rank.
 */
const ranks = { takes: 0, repeated: 1, joins: 2, adds: 3, unmeasured: 4 } as const;

/**
 * The tokens that a text does best without, whole words, until at least `over` tokens are gone: words measured to take from it, then words
 * said before, then those that only join others, then those that add least; where nothing was measured, the least sure. Words that a person
 * wrote, locked or weighed stay, and so do muted ones, which take no room.
 * @param over tokens too many
 * @param valueOf fidelity that a token's word adds; null where it was not measured
 * @returns ids in the order of the text; fewer than `over` where too few may go
 */
export function wordsToDrop(
  slots: readonly Slot[],
  over: number,
  isFromHand: (slot: Slot) => boolean,
  valueOf: (slotId: string) => number | null,
): readonly string[] {
  const said = new Set<string>();
  const droppable: Droppable[] = [];
  for (const word of groupWords(slots)) {
    const text = word
      .map((slot) => slot.text)
      .join('')
      .toLowerCase();
    const repeated = said.has(text);
    said.add(text);
    const stays = (slot: Slot): boolean => isFromHand(slot) || slot.weight !== 1 || slot.muted === true || slot.locked === true;
    if (word.some(stays)) continue;
    const value = word.map(({ id }) => valueOf(id)).find((one) => one !== null) ?? null;
    const sure = Math.min(...word.map(({ probability }) => probability ?? 1));
    const unmeasured = repeated ? ranks.repeated : isContentWord(text) ? ranks.unmeasured : ranks.joins;
    const rank = value === null ? unmeasured : value < 0 ? ranks.takes : ranks.adds;
    droppable.push({ slotIds: word.map(({ id }) => id), rank, worth: value ?? sure });
  }
  const ids: string[] = [];
  for (const { slotIds } of droppable.toSorted((a, b) => a.rank - b.rank || a.worth - b.worth)) {
    if (ids.length >= over) break;
    ids.push(...slotIds);
  }
  return slots.filter(({ id }) => ids.includes(id)).map(({ id }) => id);
}
