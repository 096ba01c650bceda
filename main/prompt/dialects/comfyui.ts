import { CLIP_TOKENS_PER_PASS } from '../count-budget.ts';
import { cleanLine } from './clean-text.ts';
import type { DialectInput, DialectOutput, WeightedWord } from './dialect.ts';
import { groupByWeight } from './group-by-weight.ts';
import { noteOptions } from './note-options.ts';
import { disarm } from './special-sequence.ts';
import { SPECIAL_SEQUENCES } from './special-sequences.ts';

/**
 * Text for ComfyUI's CLIP Text Encode node. Emphasis is `(words:1.2)`, absolute; whatever else has a meaning there or on its
 * page is made harmless by `SPECIAL_SEQUENCES`, in the negative prompt too, which goes into a node of the same kind.
 */
export function writeComfyui({ words, options, budget }: DialectInput): DialectOutput {
  const notes: string[] = [];
  const text = writeWords(words, notes);
  if (budget.tokens > CLIP_TOKENS_PER_PASS) {
    notes.push(`${budget.tokens} tokens are over ${CLIP_TOKENS_PER_PASS}; ComfyUI encodes them in pieces, nothing is cut.`);
  }
  const unwanted = cleanLine(options.negative ?? '').split(' ');
  const negative = writeWords(
    unwanted.map((word) => ({ text: word, weight: 1 })),
    notes,
  );
  notes.push(...noteOptions({ ...options, negative }, 'a second CLIP Text Encode node and the sampler'));
  if (options.aspect !== undefined) notes.push(`The aspect ${options.aspect} is set in the Empty Latent Image node.`);
  return { text, notes };
}

function writeWords(words: readonly WeightedWord[], notes: string[]): string {
  const table = SPECIAL_SEQUENCES.comfyui;
  const safe = words.map((word) => ({ ...word, text: disarm(word.text, 'word', table, notes) }));
  const prompt = groupByWeight(safe)
    .map((group) => (group.weight === 1 ? group.text : `(${group.text}:${group.weight})`))
    .join(' ');
  return disarm(prompt, 'prompt', table, notes);
}
