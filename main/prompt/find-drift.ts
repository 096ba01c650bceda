import type { PromptDocument, PromptInspection } from '../../contract/texts/prompt.ts';
import type { TokenSpan, Tokenizer } from '../tokenizer/tokenizer.ts';
import type { RenderedPrompt, RenderedWord } from './render-prompt.ts';

type DriftChange = PromptInspection['drift']['changes'][number];

/**
 * Where the running text, tokenised again, no longer gives the ids the document holds: De-Diffusion text is a lossy
 * carrier of its own tokens, so what only travels as text arrives changed there. Compared word by word, because no token
 * crosses white space.
 *
 * @returns one change for each word that drifts, in order; slot ranges are indices into the document, end exclusive
 */
export function findDrift(document: PromptDocument, rendered: RenderedPrompt, tokenizer: Tokenizer): DriftChange[] {
  const spansOfWords = assignSpans(rendered.words, tokenizer.encode(rendered.text));
  return rendered.words.flatMap((word, index) => {
    const exactIds = word.slotIndices.flatMap((slotIndex) => document.slots[slotIndex]?.tokenId ?? []);
    const retokenisedIds = (spansOfWords[index] ?? []).map((span) => span.id);
    if (haveSameValues(exactIds, retokenisedIds)) return [];
    const fromSlot = word.slotIndices[0] ?? 0;
    const toSlot = (word.slotIndices.at(-1) ?? fromSlot) + 1;
    return [{ fromSlot, toSlot, exactIds, retokenisedIds, text: word.text }];
  });
}

/** The spans that begin within each word. */
function assignSpans(words: readonly RenderedWord[], spans: readonly TokenSpan[]): TokenSpan[][] {
  const assigned: TokenSpan[][] = words.map(() => []);
  let index = 0;
  for (const span of spans) {
    while (index + 1 < words.length && span.start >= (words[index + 1]?.start ?? Infinity)) index += 1;
    assigned[index]?.push(span);
  }
  return assigned;
}

function haveSameValues(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
