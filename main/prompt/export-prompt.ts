import type { ExportOptions, ExportTarget, ExportedPrompt, PromptDocument } from '../../contract/prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { countBudget } from './count-budget.ts';
import { writeA1111 } from './dialects/a1111.ts';
import { writeComfyui } from './dialects/comfyui.ts';
import type { WriteDialect, DialectInput, DialectOutput, WeightedWord } from './dialects/dialect.ts';
import { writeFooocus } from './dialects/fooocus.ts';
import { writeInvokeai } from './dialects/invokeai.ts';
import { writeMidjourney } from './dialects/midjourney.ts';
import { writeSdxl } from './dialects/sdxl.ts';
import { renderPrompt } from './render-prompt.ts';
import { noteOptions } from './dialects/note-options.ts';
import { roundWeight } from './slot-weight.ts';
import { removeControlCharacters } from './dialects/clean-text.ts';

const DIALECTS: Readonly<Record<ExportTarget, WriteDialect>> = {
  plain: writePlain,
  midjourney: writeMidjourney,
  sdxl: writeSdxl,
  a1111: writeA1111,
  comfyui: writeComfyui,
  invokeai: writeInvokeai,
  fooocus: writeFooocus,
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
  const { text, second = null, notes } = DIALECTS[target]({ words: weighWords(document), options, budget });
  return { target, text, second, notes: [...notes], budget };
}

/** The running text and nothing else: for tools that read plain language. */
function writePlain({ words, options }: DialectInput): DialectOutput {
  const notes = noteOptions(options, 'the tool');
  if (words.some((word) => word.weight !== 1)) notes.unshift('Plain text carries no weights; every word counts the same.');
  if (options.aspect !== undefined) notes.push(`Plain text carries no aspect; set ${options.aspect} in the tool.`);
  return { text: words.map((word) => word.text).join(' '), notes };
}

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
