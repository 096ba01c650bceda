import type { PromptSource } from '../../contract/job.ts';
import type { ExportOptions } from '../../contract/texts/prompt.ts';
import type { HandedOut } from '../../contract/transfer.ts';
import { removeControlCharacters } from './dialects/clean-text.ts';
import type { WeightedWord } from './dialects/dialect.ts';
import { writeMidjourney } from './dialects/midjourney.ts';
import { weighWords } from './export-prompt.ts';

/** A prompt as a person takes it to Midjourney. Unlike an export it counts no tokens, so it needs no tokenizer: Midjourney tells no limit. */
export function writeForMidjourney(prompt: PromptSource, options: ExportOptions): HandedOut {
  const words = prompt.type === 'document' ? weighWords(prompt.document) : plainWords(prompt.text);
  const { text, notes } = writeMidjourney({ words, options });
  return { text, notes: [...notes] };
}

function plainWords(text: string): WeightedWord[] {
  return text
    .split(/\s+/)
    .map((word) => ({ text: removeControlCharacters(word), weight: 1 }))
    .filter((word) => word.text !== '');
}
