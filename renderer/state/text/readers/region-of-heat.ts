import type { PictureRegion } from '../../../../contract/texts/reading.ts';
import type { Heat } from '../attention-focus.svelte.ts';
import type { Region } from '../seen-region.ts';

/** A patch belongs to what a word looked at from this share of the most looked at on. */
const leastShare = 0.5;

/**
 * The region of a word: the box around the patches that it looked at most, as far as they touch the most looked at one.
 *
 * @param seen the part of the picture that its reader saw
 * @param size of the picture in pixels
 */
export function regionOfHeat(
  { grid, values, peak }: Heat,
  seen: Region,
  size: { readonly width: number; readonly height: number },
): PictureRegion {
  const isLooked = (row: number, column: number): boolean =>
    row >= 0 &&
    column >= 0 &&
    row < grid.rows &&
    column < grid.columns &&
    (values[row * grid.columns + column] ?? 0) >= leastShare;
  const reached = new Set<number>();
  const open: (readonly [number, number])[] = [[peak.row, peak.column]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [row, column] = next;
    const patch = row * grid.columns + column;
    if (reached.has(patch) || !isLooked(row, column)) continue;
    reached.add(patch);
    open.push([row - 1, column], [row + 1, column], [row, column - 1], [row, column + 1]);
  }
  const rows = [...reached].map((patch) => Math.floor(patch / grid.columns));
  const columns = [...reached].map((patch) => patch % grid.columns);
  const toX = (column: number): number => (seen.left + (column / grid.columns) * seen.width) * size.width;
  const toY = (row: number): number => (seen.top + (row / grid.rows) * seen.height) * size.height;
  const x = Math.floor(toX(Math.min(...columns)));
  const y = Math.floor(toY(Math.min(...rows)));
  const right = Math.min(size.width, Math.ceil(toX(Math.max(...columns) + 1)));
  const bottom = Math.min(size.height, Math.ceil(toY(Math.max(...rows) + 1)));
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
}
