import { CLIP_TOKENS_PER_PASS } from '../count-budget.ts';
import { cleanLine } from './clean-text.ts';
import type { DialectInput, DialectOutput, WeightedWord } from './dialect.ts';
import { groupByWeight } from './group-by-weight.ts';
import { noteOptions } from './note-options.ts';
import { sizeForAspect } from './size-for-aspect.ts';
import { disarm } from './special-sequence.ts';
import { SPECIAL_SEQUENCES } from './special-sequences.ts';

/** Text for Fooocus: emphasis is `(words:1.2)`, absolute; whatever else has a meaning there is made harmless by `SPECIAL_SEQUENCES`. */
export function writeFooocus({ words, options, budget }: DialectInput): DialectOutput {
  const notes: string[] = ['Fooocus adds words of its own unless its style “Fooocus V2” is switched off.'];
  const text = writeWords(words, notes);
  if (budget.tokens > CLIP_TOKENS_PER_PASS) {
    notes.push(`${budget.tokens} tokens are over ${CLIP_TOKENS_PER_PASS}; Fooocus encodes them in pieces, nothing is cut.`);
  }
  const unwanted = cleanLine(options.negative ?? '').split(' ');
  const negative = writeWords(
    unwanted.map((word) => ({ text: word, weight: 1 })),
    notes,
  );
  notes.push(...noteOptions({ ...options, negative }, "Fooocus's advanced settings"));
  if (options.aspect !== undefined) {
    const { width, height } = sizeForAspect(options.aspect, 1024, 64);
    notes.push(`Aspect ${options.aspect} at SDXL's own area is ${width} × ${height} pixels.`);
  }
  return { text, notes };
}

function writeWords(words: readonly WeightedWord[], notes: string[]): string {
  const table = SPECIAL_SEQUENCES.fooocus;
  const safe = words.map((word) => ({ ...word, text: disarm(word.text, 'word', table, notes) }));
  const prompt = groupByWeight(safe)
    .map((group) => (group.weight === 1 ? group.text : `(${group.text}:${group.weight})`))
    .join(' ');
  return disarm(prompt, 'prompt', table, notes);
}
