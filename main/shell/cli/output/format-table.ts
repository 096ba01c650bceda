import { stripVTControlCharacters } from 'node:util';

/** Rows of cells as aligned columns, two spaces apart; the last column is left as long as it is. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, lengthOf(cell))));
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell))))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Characters on the screen: colour takes none. */
function lengthOf(cell: string): number {
  return Array.from(stripVTControlCharacters(cell)).length;
}
