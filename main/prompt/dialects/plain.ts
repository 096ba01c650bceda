import type { DialectInput, DialectOutput } from './dialect.ts';
import { noteOptions } from './note-options.ts';

/** The running text and nothing else: for tools that read plain language. */
export function writePlain({ words, options }: DialectInput): DialectOutput {
  const notes = noteOptions(options, 'the tool');
  if (words.some((word) => word.weight !== 1)) notes.unshift('Plain text carries no weights; every word counts the same.');
  if (options.aspect !== undefined) notes.push(`Plain text carries no aspect; set ${options.aspect} in the tool.`);
  return { text: words.map((word) => word.text).join(' '), notes };
}
