import type { PromptDocument } from '../../contract/prompt.ts';
import type { PromptTokens } from './collect-tokens.ts';
import { isContentWord } from './is-content-word.ts';
import { renderPrompt } from './render-prompt.ts';

/** A content word, and what a decoder is fed when it is left out. */
export interface LeftOutWord {
  readonly slotIds: readonly string[];
  readonly text: string;
  readonly without: PromptTokens;
}

/** One variant of the text a content word, each without that word and otherwise as it stands. */
export function leaveWordsOut(document: PromptDocument): LeftOutWord[] {
  const rendered = renderPrompt(document);
  const words = rendered.words.filter(({ text }) => isContentWord(text));
  return words.map(({ slotIndices, text }) => {
    const left = rendered.slots.flatMap(({ slotIndex }) => {
      const slot = document.slots[slotIndex];
      return slot === undefined || slotIndices.includes(slotIndex) ? [] : [slot];
    });
    return {
      slotIds: slotIndices.flatMap((index) => document.slots[index]?.id ?? []),
      text,
      without: { tokenIds: left.map((slot) => slot.tokenId), tokenWeights: left.map((slot) => slot.weight) },
    };
  });
}
