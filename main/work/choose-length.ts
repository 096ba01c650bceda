import type { ReaderAbilities } from '../../contract/models/abilities.ts';
import type { PromptDocument } from '../../contract/texts/prompt.ts';

/**
 * The length at which a picture is read to stand beside a text: the text's own, or for a text by hand the shortest that has
 * room for it, or the longest there is.
 */
export function chooseLength(document: PromptDocument, { lengths }: ReaderAbilities): number {
  if (document.length !== null && lengths.includes(document.length)) return document.length;
  const tokens = document.slots.filter((slot) => !slot.muted).length;
  const longest = lengths.at(-1);
  if (longest === undefined) throw new Error('a reader without a length');
  return lengths.find((length) => length >= tokens) ?? longest;
}
