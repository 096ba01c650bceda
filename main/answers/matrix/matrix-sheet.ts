import type { Sheet } from '../draw-sheet.ts';

/** Sides of a place of the grid, in pixels, and of the whole. */
const MOST_CELL = 256;
const MOST_SIDE = 8000;

/**
 * A matrix as one grid: its pictures along the top and the left, and the drawings between them.
 *
 * @param sources sha256s
 * @param drawings by row and column; null for a place that stays empty, as those where both are the same
 */
export function matrixSheet(sources: readonly string[], drawings: readonly (readonly (string | null)[])[]): Sheet {
  const columns = sources.length + 1;
  return {
    cells: [null, ...sources, ...sources.flatMap((source, row) => [source, ...(drawings[row] ?? sources.map(() => null))])],
    columns,
    cellPixels: Math.max(8, Math.min(MOST_CELL, Math.floor(MOST_SIDE / columns) - 2)),
  };
}
