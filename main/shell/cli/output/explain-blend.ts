import type { DrawnBlend } from '../draw-blend.ts';
import { cleanLine } from './clean-line.ts';
import { paint } from './paint.ts';

/** A drawn blend on one line: its file, and how alike it is to each source. */
export function formatDrawn({ file, likeness }: DrawnBlend, names: readonly string[]): string {
  const figures = likeness.flatMap((value, at) =>
    value === null ? [] : [`like ${value.with === 'text' ? 'the text of ' : ''}${names[at] ?? at + 1} ${value.score.toFixed(3)}`],
  );
  return [cleanLine(file), ...figures.map(paint.faint)].join('  ');
}
