import { join } from 'node:path';
import { CSV_MARK, csvLine } from '../../../files/csv-line.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import { beginnings, summariseSearch } from '../summarise-search.ts';
import type { MeasuredText, SearchStep } from '../summarise-search.ts';
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

/**
 * What each budget bought, as a table, by the kinds of words, and as curves of likeness and loss; and every text that was measured. Over those of
 * an earlier run. Returns their paths.
 */
export async function writeSearchFigures(folder: string, measured: readonly MeasuredText[]): Promise<string[]> {
  const steps = summariseSearch(measured);
  return [...(await writeTables(folder, steps, measured)), ...(await writeCurves(folder, steps))];
}

async function writeTables(folder: string, steps: readonly SearchStep[], measured: readonly MeasuredText[]): Promise<string[]> {
  const tables = {
    'search.csv': [
      [...columns, 'gain', 'gainError'],
      ...steps.map((step) => [...columns.map((column) => step[column]), step.gain?.mean ?? null, step.gain?.error ?? null]),
    ],
    'kinds.csv': [
      ['from', 'budget', 'kind', 'wordsTrue', 'wordsFalse'],
      ...steps.flatMap(({ from, budget, kinds }) =>
        kinds.map(({ kind, wordsTrue, wordsFalse }) => [from, budget, kind, wordsTrue, wordsFalse]),
      ),
    ],
    'texts.csv': [
      ['path', 'from', 'budget', 'similarity', 'pixelError', 'evaluations', 'seconds', 'loss', 'objects', 'named', 'text'],
      ...measured.map(({ path, from, budget, similarity, pixelError, seconds, loss, told, words }) => [
        ...[path, from, budget, similarity, pixelError, loss?.evaluations ?? 0, seconds, loss?.after ?? null],
        ...[told?.objects ?? null, told?.named ?? null, words.join(' ')],
      ]),
    ],
  };
  const files: string[] = [];
  for (const [name, rows] of Object.entries(tables)) {
    const path = join(folder, name);
    await writeWhole(path, CSV_MARK + rows.map(csvLine).join(''));
    files.push(path);
  }
  return files;
}

async function writeCurves(folder: string, steps: readonly SearchStep[]): Promise<string[]> {
  const files: string[] = [];
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
