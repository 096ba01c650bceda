import { exportTargetSchema } from '../../contract/texts/prompt.ts';
import type { Budget, PromptDocument, PromptInspection } from '../../contract/texts/prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { countBudget } from './count-budget.ts';
import { findDrift } from './find-drift.ts';
import { renderPrompt } from './render-prompt.ts';
import type { RenderedPrompt } from './render-prompt.ts';

export interface InspectionMeans {
  /** The tokenizer of the document's pack: what drift is measured with. */
  readonly tokenizer: Tokenizer;
  /** CLIP's tokenizer: what other tools count with. */
  readonly clipTokenizer: Tokenizer;
  /** How many tokens the pack's decoder takes; null where the pack does not say. */
  readonly maxTokens: number | null;
}

/**
 * What an artist wants to know of a prompt before it goes anywhere: its running text, how much of each target's limit it
 * uses and what would be cut, and where it drifts when only its text travels. The first budget, `studio`, is the pack's own
 * decoder, counted in exact ids.
 */
export function inspectPrompt(document: PromptDocument, means: InspectionMeans): PromptInspection {
  const rendered = renderPrompt(document);
  const changes = findDrift(document, rendered, means.tokenizer);
  const elsewhere = exportTargetSchema.options.map((target) => countBudget(target, rendered.text, means.clipTokenizer));
  return {
    text: rendered.text,
    tokenCount: rendered.slots.length,
    budgets: [countOwnBudget(rendered, means.maxTokens), ...elsewhere],
    drift: { count: changes.length, changes },
  };
}

function countOwnBudget(rendered: RenderedPrompt, limit: number | null): Budget {
  const tokens = rendered.slots.length;
  const keptCharacters = limit === null || tokens <= limit ? null : (rendered.slots[limit - 1]?.end ?? null);
  return { target: 'studio', tokens, limit, keptCharacters };
}
