import { join } from 'node:path';
import { CSV_MARK, csvLine } from '../../../files/csv-line.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import { beginnings } from '../summarise-search.ts';
import type { SearchStep } from '../summarise-search.ts';
import { plotLines } from './plot-lines.ts';

const columns = [
  'from',
  'budget',
  'images',
  'similarity',
  'pixelError',
  'evaluations',
  'seconds',
  'loss',
  'recall',
  'wordsTrue',
  'wordsFalse',
] as const;

/** What each budget bought, as a table, and as curves of likeness and loss; over those of an earlier run. Returns their paths. */
export async function writeSearchCurves(folder: string, steps: readonly SearchStep[]): Promise<string[]> {
  const table = join(folder, 'search.csv');
  const lines = steps.map((step) =>
    csvLine([...columns.map((column) => step[column]), step.gain?.mean ?? null, step.gain?.error ?? null]),
  );
  await writeWhole(table, CSV_MARK + csvLine([...columns, 'gain', 'gainError']) + lines.join(''));
  const files = [table];
  for (const [key, up] of [
    ['similarity', 'Similarity, scorer’s cosine'],
    ['loss', 'Decoder’s loss on fresh noise'],
  ] as const) {
    const plotted = beginnings
      .map((from) => ({
        name: `from ${from}`,
        points: steps.flatMap((step) => (step.from === from && step[key] !== null ? [{ x: step.budget, y: step[key] }] : [])),
      }))
      .filter(({ points }) => points.length > 0);
    if (plotted.length === 0) continue;
    const path = join(folder, `${key}-by-budget.svg`);
    await writeWhole(path, plotLines({ title: `${up} by budget`, across: 'Losses that may be asked for', up, lines: plotted }));
    files.push(path);
  }
  return files;
}
