import type { PromptDocument } from '../../../contract/prompt.ts';
import { renderPrompt } from '../render-prompt.ts';
import { roundWeight } from '../slot-weight.ts';
import { removeControlCharacters } from './clean-text.ts';
import type { WeightedWord } from './dialect.ts';

/**
 * The words of a document with one emphasis each. Other tools tokenise the text of a pair of parentheses on its own, so an
 * emphasis must not begin within a word: a word weighed in parts takes the weight farthest from neutral.
 */
export function weighWords(document: PromptDocument): WeightedWord[] {
  return renderPrompt(document)
    .words.map((word) => {
      const weights = word.slotIndices.map((index) => document.slots[index]?.weight ?? 1);
      const weight = weights.reduce((strongest, next) => (Math.abs(next - 1) > Math.abs(strongest - 1) ? next : strongest), 1);
      return { text: removeControlCharacters(word.text), weight: roundWeight(weight) };
    })
    .filter((word) => word.text !== '');
}
