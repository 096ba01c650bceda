import type { PromptDocument } from '../../contract/texts/prompt.ts';

/** What a local decoder is fed: exact ids without begin, end and padding, and one emphasis for each. */
export interface PromptTokens {
  readonly tokenIds: readonly number[];
  readonly tokenWeights: readonly number[];
}

/** The ids of a document as they stand. Muted slots are left out; nothing is tokenised again, so nothing drifts. */
export function collectTokens(document: PromptDocument): PromptTokens {
  const visible = document.slots.filter((slot) => !slot.muted);
  return { tokenIds: visible.map((slot) => slot.tokenId), tokenWeights: visible.map((slot) => slot.weight) };
}
