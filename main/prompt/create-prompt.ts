import type { PromptDocument } from '../../contract/texts/prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { slotsFromText } from './slots-from-text.ts';

export interface NewPrompt {
  /** The id the document shall have: an argument, so that this stays a pure function. */
  readonly id: string;
  readonly packId: string;
  readonly text: string;
}

/**
 * Text becomes a document: tokenised by the pack's tokenizer, every slot of hand origin, no picture behind it.
 * @throws StudioError `prompt-too-long` over 4,096 tokens
 */
export function createPrompt(prompt: NewPrompt, tokenizer: Tokenizer): PromptDocument {
  return {
    schemaVersion: 2,
    id: prompt.id,
    packId: prompt.packId,
    length: null,
    imageSha256: null,
    sources: [{ type: 'hand' }],
    slots: slotsFromText(prompt.text, tokenizer, { firstNumber: 1, source: 0 }),
  };
}
