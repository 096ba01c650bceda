import { CLIP_TOKENS_PER_PASS } from '../count-budget.ts';
import type { DialectInput, DialectOutput } from './dialect.ts';
import { groupByWeight } from './group-by-weight.ts';
import { noteOptions } from './note-options.ts';

/**
 * Text for ComfyUI's CLIP Text Encode node. Emphasis is `(words:1.2)`, absolute; parentheses of the text are escaped (a
 * backslash alone needs no escape there). Its page also reads `{a|b}` as a random choice and `//` or `/*` as a comment, and
 * the node reads `embedding:` as the name of a file; all three are made harmless.
 */
export function writeComfyui({ words, options, budget }: DialectInput): DialectOutput {
  const notes: string[] = [];
  if (words.some((word) => /\/[/*]/.test(word.text))) {
    notes.push('ComfyUI reads // and /* as comments; a space was put between them.');
  }
  const escaped = words.map((word) => ({ ...word, text: escapeWord(word.text) }));
  const text = groupByWeight(escaped)
    .map((group) => (group.weight === 1 ? group.text : `(${group.text}:${group.weight})`))
    .join(' ');
  if (budget.tokens > CLIP_TOKENS_PER_PASS) {
    notes.push(`${budget.tokens} tokens are over ${CLIP_TOKENS_PER_PASS}; ComfyUI encodes them in pieces, nothing is cut.`);
  }
  notes.push(...noteOptions(options, 'a second CLIP Text Encode node and the sampler'));
  if (options.aspect !== undefined) notes.push(`The aspect ${options.aspect} is set in the Empty Latent Image node.`);
  return { text, notes };
}

function escapeWord(text: string): string {
  return text
    .replace(/[(){}]/g, '\\$&')
    .replace(/\/(?=[/*])/g, '/ ')
    .replace(/^embedding:/i, (match) => `${match.slice(0, -1)} :`);
}
