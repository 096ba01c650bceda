import { listSource } from '../../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';

/**
 * Two texts of one picture as one: the words of the second behind those of the first, each with the source it was read from, and so with its
 * region. How many tokens either was read with says nothing of the whole.
 */
export function joinTexts(first: PromptDocument, second: PromptDocument): PromptDocument {
  const id = `${first.id.slice(0, 31)}_${second.id.slice(0, 31)}`;
  let { sources } = first;
  const places = second.sources.map((source) => {
    const listed = listSource(sources, source);
    sources = listed.sources;
    return listed.index;
  });
  const taken = new Set(first.slots.map((slot) => slot.id));
  const slots = second.slots.map((slot, index) => ({
    ...slot,
    id: taken.has(slot.id) ? `${id.slice(-6)}-${first.slots.length + index}` : slot.id,
    source: places[slot.source] ?? slot.source,
  }));
  // A word that another follows ends there, also where it ended its text.
  const lastIndex = first.slots.length - 1;
  const ended = first.slots.map((slot, index) => (index === lastIndex && !slot.endsWord ? { ...slot, endsWord: true } : slot));
  return { ...first, id, length: null, sources, slots: [...ended, ...slots] };
}
