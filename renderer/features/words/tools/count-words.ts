import type { ComparedToken, PromptComparison, PromptDocument } from '../../../../contract/texts/prompt.ts';
import { groupWords } from '../../../state/text/prompt-text.ts';

type Change = ComparedToken['change'];
/** What befell one token of a word is what befell the word: the first of these that did. */
const strongest = ['inserted', 'moved', 'reweighted', 'kept'] as const;

/**
 * How many words of two texts fared how. A comparison counts tokens; a person sees words, and "put in: 6" beside three marked
 * words is wrong to them. A word with a new token counts as put in, one that lost a token as taken out.
 */
export function countWords(before: PromptDocument, after: PromptDocument, comparison: PromptComparison): Record<Change, number> {
  const changes = new Map(comparison.tokens.map((token) => [after.slots[token.after ?? -1]?.id, token.change]));
  const gone = new Set(comparison.tokens.flatMap((token) => (token.after === null ? before.slots[token.before ?? -1]?.id : [])));
  const counts = { kept: 0, removed: 0, inserted: 0, moved: 0, reweighted: 0 };
  for (const word of groupWords(after.slots)) {
    // A word that is muted as a whole is not in the text.
    const change = strongest.find((one) => word.some(({ id }) => changes.get(id) === one));
    if (change !== undefined) counts[change] += 1;
  }
  counts.removed = groupWords(before.slots).filter((word) => word.some(({ id }) => gone.has(id))).length;
  return counts;
}
