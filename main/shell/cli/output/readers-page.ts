import { escapeHtml } from './escape-html.ts';

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

const style = `
  :root { color-scheme: light dark; font: 14px/20px system-ui, sans-serif; }
  table { border-collapse: collapse; }
  th, td { width: 220px; padding: 8px; vertical-align: top; text-align: left; font-weight: 400; border: 1px solid #8886; }
  th { background: #8882; }
  img { display: block; width: 100%; margin-bottom: 8px; }
  p { margin: 0 0 4px; overflow-wrap: anywhere; }
  .quiet { opacity: .7; font-size: 12px; line-height: 16px; }
`;

const picture = (address: string, name: string): string =>
  `<img src="${escapeHtml(address)}" alt="${escapeHtml(name)}" loading="lazy">`;

function toCell(cell: ReadersPageCell | null): string {
  if (cell === null) return '<td></td>';
  const figures = cell.figures.map((line) => `<p class="quiet">${escapeHtml(line)}</p>`).join('');
  return `<td>${cell.shown === null ? '' : picture(cell.shown, cell.text)}<p>${escapeHtml(cell.text)}</p>${figures}</td>`;
}

/** Readers side by side as one HTML page that needs no other file: a row for each picture, a column for each reader. */
export function readersPage(note: string, readers: readonly string[], rows: readonly ReadersPageRow[]): string {
  const head = ['original', ...readers].map((name) => `<th scope="col"><b>${escapeHtml(name)}</b></th>`).join('');
  const body = rows.map(
    ({ file, shown, cells }) =>
      `<tr><th scope="row">${picture(shown, file)}<p><b>${escapeHtml(file)}</b></p></th>${cells.map(toCell).join('')}</tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Readers side by side</title>
<style>${style}</style>
<h1>Readers side by side</h1>
<p>${escapeHtml(note)}</p>
<table>
<tr>${head}</tr>
${body.join('\n')}
</table>
</html>
`;
}
