import type { BlendChecks } from '../../../../contract/texts/blend.ts';
import type { DrawnBlend } from '../draw-blend.ts';
import { cleanLine } from './clean-line.ts';
import { paint } from './paint.ts';

/** What is wrong with a blend, in a few words each; nothing where all is well. */
export const explainChecks = ({ subject, setting, repeats, glued, echo, fits }: BlendChecks): string[] => [
  ...(subject ? [] : ['the main object is not there']),
  ...(setting ? [] : ['the scene is not there']),
  ...(repeats.length === 0 ? [] : [`said again: ${repeats.join(', ')}`]),
  ...(glued.length === 0 ? [] : [`no words: ${glued.join(', ')}`]),
  ...(echo ? ['it only says one of the texts again'] : []),
  ...(fits ? [] : ['it is too long']),
];

/** A drawn blend on one line: its file, and how alike it is to each source. */
export function formatDrawn({ file, likeness }: DrawnBlend, names: readonly string[]): string {
  const figures = likeness.flatMap((value, at) =>
    value === null ? [] : [`like ${value.with === 'text' ? 'the text of ' : ''}${names[at] ?? at + 1} ${value.score.toFixed(3)}`],
  );
  return [cleanLine(file), ...figures.map(paint.faint)].join('  ');
}
