import { escapeHtml } from '../../../files/escape-html.ts';
import { picturesPage, pictureTag, quietLine } from '../../../files/pictures-page.ts';

/** What one reader made of one picture. Addresses are data addresses. */
export interface ReadersPageCell {
  readonly text: string;
  readonly shown: string | null;
  /** Sentences with figures. */
  readonly figures: readonly string[];
}

export interface ReadersPageRow {
  readonly file: string;
  readonly shown: string;
  /** By reader; null where it could not be made. */
  readonly cells: readonly (ReadersPageCell | null)[];
}

function toCell(cell: ReadersPageCell | null): string {
  if (cell === null) return '<td></td>';
  const figures = cell.figures.map(quietLine).join('');
  return `<td>${cell.shown === null ? '' : pictureTag(cell.shown, cell.text)}<p>${escapeHtml(cell.text)}</p>${figures}</td>`;
}

/** Readers side by side as one HTML page that needs no other file: a row for each picture, a column for each reader. */
export function readersPage(note: string, readers: readonly string[], rows: readonly ReadersPageRow[]): string {
  const heads = ['original', ...readers].map((name) => `<th scope="col"><b>${escapeHtml(name)}</b></th>`).join('');
  const lines = rows.map(
    ({ file, shown, cells }) =>
      `<tr><th scope="row">${pictureTag(shown, file)}<p><b>${escapeHtml(file)}</b></p></th>${cells.map(toCell).join('')}</tr>`,
  );
  return picturesPage({ title: 'Readers side by side', note, columnPixels: 220, heads, rows: lines });
}
