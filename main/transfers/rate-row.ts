import type { TransferRating } from '../../contract/transfer.ts';

/**
 * How well a prompt transfers, by the scores of its pictures: the mean over the tools, and how far apart they are. Each tool counts
 * once, however many of its pictures have a score.
 *
 * @param cells those of one row
 * @returns null before there is a score
 */
export function rateRow(cells: readonly { readonly column: number; readonly score: number | null }[]): TransferRating | null {
  const byTool = new Map<number, number[]>();
  for (const { column, score } of cells) {
    if (score !== null) byTool.set(column, [...(byTool.get(column) ?? []), score]);
  }
  const means = [...byTool.values()].map(meanOf);
  if (means.length === 0) return null;
  const mean = meanOf(means);
  const squares = means.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const spread = means.length === 1 ? 0 : Math.sqrt(squares / (means.length - 1));
  return { mean, spread, least: Math.min(...means), tools: means.length };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
