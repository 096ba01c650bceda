import type { PromptDialect } from '../../contract/texts/dialect.ts';
import type { PromptDocument } from '../../contract/texts/prompt.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { createPrompt } from './create-prompt.ts';
import { removeControlCharacters } from './dialects/clean-text.ts';
import type { DialectReading } from './dialects/dialect-reading.ts';
import { readA1111 } from './dialects/read-a1111.ts';
import { readComfyui } from './dialects/read-comfyui.ts';
import { readFooocus } from './dialects/read-fooocus.ts';
import { readInvokeai } from './dialects/read-invokeai.ts';
import { readMidjourney } from './dialects/read-midjourney.ts';
import { renderPrompt } from './render-prompt.ts';
import { roundWeight } from './slot-weight.ts';

const readPlain = (text: string): DialectReading => ({ pieces: [{ text, weight: 1 }], negative: '', settings: {}, notes: [] });

const readers: Readonly<Record<PromptDialect, (text: string) => DialectReading>> = {
  plain: readPlain,
  sdxl: readPlain,
  midjourney: readMidjourney,
  a1111: readA1111,
  comfyui: readComfyui,
  invokeai: readInvokeai,
  fooocus: readFooocus,
};

/** A text of another tool as the studio's own document, with what else stood in it. */
export interface ReadPrompt extends Omit<DialectReading, 'pieces'> {
  readonly document: PromptDocument;
}

const highestWeight = 2;

/**
 * Reads a text as a tool's front end would. Emphasis is of whole words: one weighed in parts takes the weight farthest from neutral, as it is
 * written.
 *
 * @throws StudioError `prompt-too-long` over 4,096 tokens
 */
export function readDialect(
  text: string,
  dialect: PromptDialect,
  { id, packId }: { readonly id: string; readonly packId: string },
  tokenizer: Tokenizer,
): ReadPrompt {
  const { pieces, negative, settings, notes } = readers[dialect](text.replace(/\r\n?/g, '\n'));
  const characters: string[] = [];
  const weights: number[] = [];
  for (const { text: part, weight } of pieces) {
    for (const unit of removeControlCharacters(part.replace(/\s+/gu, ' ')).split('')) {
      if (unit === ' ' && (characters.length === 0 || characters.at(-1) === ' ')) continue;
      characters.push(unit);
      weights.push(Math.min(highestWeight, Math.max(0, roundWeight(weight))));
    }
  }
  const document = createPrompt({ id, packId, text: characters.join('').trim() }, tokenizer);
  const tooHeavy = pieces.some(({ weight }) => weight > highestWeight);
  return {
    document: weigh(document, weights),
    negative,
    settings,
    notes: [...notes, ...(tooHeavy ? [`Weights over ${highestWeight} are ${highestWeight} here, the most there is.`] : [])],
  };
}

/** @param weights one for every UTF-16 unit of the document's text */
function weigh(document: PromptDocument, weights: readonly number[]): PromptDocument {
  const slots = [...document.slots];
  for (const { slotIndices, start, end } of renderPrompt(document).words) {
    const strongest = weights
      .slice(start, end)
      .reduce((found, next) => (Math.abs(next - 1) > Math.abs(found - 1) ? next : found), 1);
    for (const index of slotIndices) {
      const slot = slots[index];
      if (slot !== undefined) slots[index] = { ...slot, weight: strongest };
    }
  }
  return { ...document, slots };
}
