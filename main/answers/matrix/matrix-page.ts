import type { BlendChecks } from '../../../contract/texts/blend.ts';
import { escapeHtml } from '../../files/escape-html.ts';
import { picturesPage, pictureTag, quietLine } from '../../files/pictures-page.ts';
import { explainChecks } from '../../language/explain-checks.ts';

export interface PageSource {
  readonly file: string;
  readonly text: string;
  /** A data address. */
  readonly picture: string;
}

export interface PageCell {
  readonly text: string;
  readonly checks: BlendChecks;
  /** How alike its picture is to the one whose object it shows, and to the one whose scene it has; null where nobody measured. */
  readonly likeness: Readonly<Record<'object' | 'scene', { readonly score: number } | null>>;
  /** A data address; null where it was not drawn. */
  readonly shown: string | null;
}

function head({ file, text, picture: address }: PageSource, scope: 'row' | 'col'): string {
  return `<th scope="${scope}">${pictureTag(address, file)}<p><b>${escapeHtml(file)}</b></p>${quietLine(text)}</th>`;
}

function body({ text, checks, likeness, shown }: PageCell): string {
  const { object, scene } = likeness;
  const figures = [
    ...(object === null ? [] : [`like the object’s ${object.score.toFixed(3)}`]),
    ...(scene === null ? [] : [`like the scene’s ${scene.score.toFixed(3)}`]),
  ];
  const notes = [...figures, ...explainChecks(checks)].map(quietLine);
  return `<td>${shown === null ? '' : pictureTag(shown, text)}<p>${escapeHtml(text)}</p>${notes.join('')}</td>`;
}

/**
 * A matrix of blends as one HTML page that needs no other file: a row for each object, a column for each scene.
 *
 * @param cells by row and column; null where both are the same, or where it could not be made
 */
export function matrixPage(
  title: string,
  sources: readonly PageSource[],
  cells: readonly (readonly (PageCell | null)[])[],
): string {
  const rows = sources.map(
    (source, row) =>
      `<tr>${head(source, 'row')}${sources
        .map((_, column) => {
          const cell = cells[row]?.[column] ?? null;
          return cell === null ? '<td></td>' : body(cell);
        })
        .join('')}</tr>`,
  );
  return picturesPage({
    title,
    note: 'Each row shows the main object of its picture in the scene and style of each column’s.',
    columnPixels: 200,
    heads: `<td></td>${sources.map((source) => head(source, 'col')).join('')}`,
    rows,
  });
}
