import type { Transfer, TransferCell } from '../../contract/transfer.ts';
import { nameOfTool } from './transfer-table.ts';

const style = `
  :root { color-scheme: light dark; font: 14px/20px system-ui, sans-serif; }
  table { border-collapse: collapse; }
  th, td { width: 200px; padding: 8px; vertical-align: top; text-align: left; font-weight: 400; border: 1px solid #8886; }
  th { background: #8882; }
  img { display: block; width: 100%; margin-bottom: 8px; }
  p { margin: 0 0 4px; overflow-wrap: anywhere; }
  .quiet { opacity: .7; font-size: 12px; line-height: 16px; }
`;

/** Texts are strangers': none of them is ever markup. */
const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const quiet = (line: string): string => `<p class="quiet">${escape(line)}</p>`;

function picture(address: string | undefined, name: string): string {
  return address === undefined ? '' : `<img src="${escape(address)}" alt="${escape(name)}" loading="lazy">`;
}

function head(row: Transfer['rows'][number], shown: ReadonlyMap<string, string>): string {
  const { name, text, originalSha256, rating, comparedWith } = row;
  const original = originalSha256 === null ? '' : picture(shown.get(originalSha256), `${name}: original`);
  const figures =
    rating === null
      ? ''
      : quiet(`like the ${comparedWith} ${rating.mean.toFixed(3)} ± ${rating.spread.toFixed(3)} over ${rating.tools} tools`);
  return `<th scope="row">${original}<p><b>${escape(name)}</b></p>${quiet(text)}${figures}</th>`;
}

function describe(cell: TransferCell): string[] {
  const { connectionId, score, seed, timeMs, cost, error } = cell;
  return [
    ...(score === null ? [] : [score.toFixed(3)]),
    ...(connectionId === null ? [] : [connectionId]),
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(timeMs === null ? [] : [`${(timeMs / 1000).toFixed(1)} s`]),
    ...(cost === null ? [] : [`cost ${cost}`]),
    ...(error === null ? [] : [error.message]),
  ];
}

function body(cells: readonly TransferCell[], name: string, shown: ReadonlyMap<string, string>): string {
  const parts = cells.map((cell) => {
    const image = cell.sha256 === null ? '' : picture(shown.get(cell.sha256), name);
    return `${image}${quiet([...(cell.state === 'done' ? [] : [cell.state]), ...describe(cell)].join(' · '))}`;
  });
  return `<td>${parts.join('')}</td>`;
}

/**
 * A transfer as one HTML page that needs no other file and asks nobody: a row for each prompt, a column for each tool.
 *
 * @param shown data addresses of small pictures, by sha256; one that is gone is left out
 */
export function transferPage({ name, rows, tools, cells }: Transfer, shown: ReadonlyMap<string, string>): string {
  const heads = tools.map((tool) => `<th scope="col"><p><b>${escape(nameOfTool(tool))}</b></p></th>`);
  const lines = rows.map((row, at) => {
    const bodies = tools.map((tool, column) => {
      const own = cells.filter((cell) => cell.row === at && cell.column === column);
      return body(own, `${row.name}, ${nameOfTool(tool)}`, shown);
    });
    return `<tr>${head(row, shown)}${bodies.join('')}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escape(name)}</title>
<style>${style}</style>
<h1>${escape(name)}</h1>
<p>Each row is one prompt, drawn by the tool of each column. The figure is how alike the picture is to what it is compared with.</p>
<table>
<tr><td></td>${heads.join('')}</tr>
${lines.join('\n')}
</table>
</html>
`;
}
