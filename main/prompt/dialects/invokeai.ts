import { CLIP_TOKENS_PER_PASS } from '../count-budget.ts';
import { cleanLine } from './clean-text.ts';
import type { DialectInput, DialectOutput, WeightedWord } from './dialect.ts';
import { groupByWeight } from './group-by-weight.ts';
import { noteOptions } from './note-options.ts';
import { sizeForAspect } from './size-for-aspect.ts';
import { disarm } from './special-sequence.ts';
import { SPECIAL_SEQUENCES } from './special-sequences.ts';

/** Text for InvokeAI, which compel reads: emphasis is `(some words)1.2`; whatever else has a meaning is made harmless by `SPECIAL_SEQUENCES`. */
export function writeInvokeai({ words, options, budget }: DialectInput): DialectOutput {
  const notes: string[] = [];
  const text = writeWords(words, notes);
  if (budget.tokens > CLIP_TOKENS_PER_PASS) {
    notes.push(`${budget.tokens} tokens are over ${CLIP_TOKENS_PER_PASS}; InvokeAI encodes them in pieces, nothing is cut.`);
  }
  const unwanted = cleanLine(options.negative ?? '').split(' ');
  const negative = writeWords(
    unwanted.map((word) => ({ text: word, weight: 1 })),
    notes,
  );
  notes.push(...noteOptions({ ...options, negative }, "InvokeAI's fields"));
  if (options.aspect !== undefined) {
    const { width, height } = sizeForAspect(options.aspect, 512, 8);
    notes.push(`Aspect ${options.aspect} is ${width} × ${height} for SD 1.x; double it for SDXL.`);
  }
  return { text, notes };
}

function writeWords(words: readonly WeightedWord[], notes: string[]): string {
  const table = SPECIAL_SEQUENCES.invokeai;
  const safe = words
    .map((word) => ({ ...word, text: disarm(word.text, 'word', table, notes).trim() }))
    .filter(({ text }) => text !== '');
  return groupByWeight(safe)
    .map((group) => (group.weight === 1 ? group.text : `(${group.text})${group.weight}`))
    .join(' ');
}
