import type { PromptDocument } from '../../contract/texts/prompt.ts';
import { contentWords } from '../../contract/texts/words.ts';
import type { PromptTokens } from './collect-tokens.ts';

/** A content word, and what a decoder is fed when it is left out. */
export interface LeftOutWord {
  readonly slotIds: readonly string[];
  readonly text: string;
  readonly without: PromptTokens;
}

/** One variant of the text a content word, each without that word and otherwise as it stands. */
export function leaveWordsOut(document: PromptDocument): LeftOutWord[] {
  return contentWords(document.slots).map(({ slotIndices, text }) => {
    const left = document.slots.filter((slot, index) => !slot.muted && !slotIndices.includes(index));
    return {
      slotIds: slotIndices.flatMap((index) => document.slots[index]?.id ?? []),
      text,
      without: { tokenIds: left.map((slot) => slot.tokenId), tokenWeights: left.map((slot) => slot.weight) },
    };
  });
}
