import { factsOf, nameOfTool } from '../../contract/transfer.ts';
import type { CellFact, Transfer, TransferCell } from '../../contract/transfer.ts';
import { escapeHtml } from '../files/escape-html.ts';
import { picturesPage, pictureTag, quietLine } from '../files/pictures-page.ts';

function picture(address: string | undefined, name: string): string {
  return address === undefined ? '' : pictureTag(address, name);
}

function head(row: Transfer['rows'][number], shown: ReadonlyMap<string, string>): string {
  const { name, text, originalSha256, rating, comparedWith } = row;
  const original = originalSha256 === null ? '' : picture(shown.get(originalSha256), `${name}: original`);
  const figures =
    rating === null
      ? ''
      : quietLine(`like the ${comparedWith} ${rating.mean.toFixed(3)} ± ${rating.spread.toFixed(3)} over ${rating.tools} tools`);
  return `<th scope="row">${original}<p><b>${escapeHtml(name)}</b></p>${quietLine(text)}${figures}</th>`;
}

function tell(fact: CellFact): string {
  switch (fact.type) {
    case 'score':
      return fact.value.toFixed(3);
    case 'seconds':
      return `${fact.value.toFixed(1)} s`;
    case 'cost':
      return `cost ${fact.value.toFixed(3)}`;
    case 'seed':
      return `seed ${fact.value}`;
    case 'connection':
      return fact.value;
  }
}

function describe(cell: TransferCell): string[] {
  const { state, handedOut, error } = cell;
  return [
    ...factsOf(cell).map(tell),
    ...(state === 'awaited' && handedOut !== null ? [handedOut.text] : []),
    ...(error === null ? [] : [error.message]),
  ];
}

function body(cells: readonly TransferCell[], name: string, shown: ReadonlyMap<string, string>): string {
  const parts = cells.map((cell) => {
    const image = cell.sha256 === null ? '' : picture(shown.get(cell.sha256), name);
    return `${image}${quietLine([...(cell.state === 'done' ? [] : [cell.state]), ...describe(cell)].join(' · '))}`;
  });
  return `<td>${parts.join('')}</td>`;
}

/**
 * A transfer as one HTML page that needs no other file and asks nobody: a row for each prompt, a column for each tool.
 *
 * @param shown data addresses of small pictures, by sha256; one that is gone is left out
 */
export function transferPage({ name, rows, tools, cells }: Transfer, shown: ReadonlyMap<string, string>): string {
  const heads = tools.map((tool) => `<th scope="col"><p><b>${escapeHtml(nameOfTool(tool))}</b></p></th>`);
  const lines = rows.map((row, at) => {
    const bodies = tools.map((tool, column) => {
      const own = cells.filter((cell) => cell.row === at && cell.column === column);
      return body(own, `${row.name}, ${nameOfTool(tool)}`, shown);
    });
    return `<tr>${head(row, shown)}${bodies.join('')}</tr>`;
  });
  return picturesPage({
    title: name,
    note: 'Each row is one prompt, drawn by the tool of each column. The figure is how alike the picture is to what it is compared with.',
    columnPixels: 200,
    heads: `<td></td>${heads.join('')}`,
    rows: lines,
  });
}
