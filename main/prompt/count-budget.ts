import type { Budget, ExportTarget } from '../../contract/texts/prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** Tokens one pass of CLIP's text encoder takes besides begin and end: 77 − 2. */
export const CLIP_TOKENS_PER_PASS = 75;

/**
 * Targets that cut. SDXL's two encoders share one vocabulary and its pipeline cuts after 75 tokens; A1111, ComfyUI, InvokeAI and Fooocus pass
 * longer prompts on in pieces of 75; Midjourney does not publish a limit, and plain text has none.
 */
const LIMITS: Readonly<Record<ExportTarget, number | null>> = {
  plain: null,
  midjourney: null,
  sdxl: CLIP_TOKENS_PER_PASS,
  a1111: null,
  comfyui: null,
  invokeai: null,
  fooocus: null,
};

/**
 * How much of a target's limit a running text uses, counted with CLIP's own tokenizer, because that is what these tools
 * read with (for Midjourney it is a guide only).
 * @param clip CLIP's tokenizer, whatever the document's pack uses
 */
export function countBudget(target: ExportTarget, text: string, clip: Tokenizer): Budget {
  const spans = clip.encode(text);
  const limit = LIMITS[target];
  const lastKept = limit === null || spans.length <= limit ? undefined : spans[limit - 1];
  return { target, tokens: spans.length, limit, keptCharacters: lastKept?.end ?? null };
}
