import { listSource } from '../../../contract/texts/prompt.ts';
import type { PromptComparison, PromptDocument, Slot, TokenSource } from '../../../contract/texts/prompt.ts';

/**
 * A new text in which every locked token of the one before stays: where both have it, as it was; where the new one left it out, at the place
 * it had among its neighbours.
 *
 * @param comparison of the two, in their order
 */
export function keepLocked(before: PromptDocument, after: PromptDocument, { tokens }: PromptComparison): PromptDocument {
  if (!before.slots.some(({ locked }) => locked)) return after;
  let sources: TokenSource[] = [];
  const slots: Slot[] = [];
  const take = (document: PromptDocument, slot: Slot): void => {
    const source = document.sources[slot.source];
    if (source === undefined) return;
    const listed = listSource(sources, source);
    sources = listed.sources;
    slots.push({ ...slot, id: `s${slots.length + 1}`, source: listed.index });
  };
  for (const { before: from, after: to } of tokens) {
    const old = from === null ? undefined : before.slots[from];
    const fresh = to === null ? undefined : after.slots[to];
    if (old?.locked === true) take(before, old);
    else if (fresh !== undefined) take(after, fresh);
  }
  return { ...after, sources, slots };
}
