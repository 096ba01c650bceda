import type { ExportOptions } from '../../../contract/texts/prompt.ts';
import { cleanLine } from './clean-text.ts';

/** Sentences on options that cannot stand in the text of a target and are set in the tool itself. */
export function noteOptions(options: ExportOptions, tool: string): string[] {
  const settings = [
    options.steps === undefined ? [] : [`steps ${options.steps}`],
    options.guidance === undefined ? [] : [`guidance ${options.guidance}`],
    options.seed === undefined ? [] : [`seed ${options.seed}`],
  ].flat();
  const notes: string[] = [];
  if (options.negative !== undefined && cleanLine(options.negative) !== '') {
    notes.push(`Negative prompt, to be entered on its own in ${tool}: ${cleanLine(options.negative)}`);
  }
  if (settings.length > 0) notes.push(`To be set in ${tool}: ${settings.join(', ')}.`);
  return notes;
}
