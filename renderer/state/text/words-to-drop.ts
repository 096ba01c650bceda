import { isContentWord } from '../../../contract/words.ts';
import type { Slot } from '../../../contract/prompt.ts';
import { groupWords } from './prompt-text.ts';

interface Droppable {
  readonly slotIds: readonly string[];
  /** Lower goes first. */
  readonly worth: number;
}

/**
 * The tokens that a text does best without, whole words, until at least `over` tokens are gone. What was measured says what a word is
 * worth; where nothing was, a word that was said before goes first, then one that only joins others, then the least sure. Words that a
 * person wrote, locked or weighed stay, and so do muted ones, which take no room.
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
    const rank = repeated ? 1 : isContentWord(text) ? 3 : 2;
    droppable.push({ slotIds: word.map(({ id }) => id), worth: value ?? rank + sure });
  }
  const ids: string[] = [];
  for (const { slotIds } of droppable.toSorted((a, b) => a.worth - b.worth)) {
    if (ids.length >= over) break;
    ids.push(...slotIds);
  }
  return slots.filter(({ id }) => ids.includes(id)).map(({ id }) => id);
}
