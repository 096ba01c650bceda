import type { PromptDocument } from '../../contract/prompt.ts';

/** A prompt file that keeps everything: exact ids, weights, alternatives, attention. `parsePromptFile` reads it back. */
export function formatPromptFile(document: PromptDocument): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
