import type { ExportOptions, ExportTarget, ExportedPrompt, PromptDocument } from '../../contract/prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { countBudget } from './count-budget.ts';
import { writeA1111 } from './dialects/a1111.ts';
import { writeComfyui } from './dialects/comfyui.ts';
import type { WriteDialect } from './dialects/dialect.ts';
import { writeMidjourney } from './dialects/midjourney.ts';
import { writePlain } from './dialects/plain.ts';
import { writeSdxl } from './dialects/sdxl.ts';
import { weighWords } from './dialects/weigh-words.ts';
import { renderPrompt } from './render-prompt.ts';

const DIALECTS: Readonly<Record<ExportTarget, WriteDialect>> = {
  plain: writePlain,
  midjourney: writeMidjourney,
  sdxl: writeSdxl,
  a1111: writeA1111,
  comfyui: writeComfyui,
};

/**
 * A prompt as another tool takes it: its syntax for emphasis and options, whatever it would misread made harmless, and in
 * `notes` what it would cut, ignore or change.
 * @param clip CLIP's tokenizer, for the budget
 */
export function exportPrompt(
  document: PromptDocument,
  target: ExportTarget,
  options: ExportOptions,
  clip: Tokenizer,
): ExportedPrompt {
  const budget = countBudget(target, renderPrompt(document).text, clip);
  const { text, notes } = DIALECTS[target]({ words: weighWords(document), options, budget });
  return { target, text, notes: [...notes], budget };
}
