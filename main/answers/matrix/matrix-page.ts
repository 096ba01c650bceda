import type { BlendChecks } from '../../../contract/texts/blend.ts';
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

const style = `
  :root { color-scheme: light dark; font: 14px/20px system-ui, sans-serif; }
  table { border-collapse: collapse; }
  th, td { width: 200px; padding: 8px; vertical-align: top; text-align: left; font-weight: 400; border: 1px solid #8886; }
  th { background: #8882; }
  img { display: block; width: 100%; margin-bottom: 8px; image-rendering: auto; }
  p { margin: 0 0 4px; overflow-wrap: anywhere; }
  .quiet { opacity: .7; font-size: 12px; line-height: 16px; }
`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const picture = (address: string, name: string): string => `<img src="${escape(address)}" alt="${escape(name)}" loading="lazy">`;

function head({ file, text, picture: address }: PageSource, scope: 'row' | 'col'): string {
  return `<th scope="${scope}">${picture(address, file)}<p><b>${escape(file)}</b></p><p class="quiet">${escape(text)}</p></th>`;
}

function body({ text, checks, likeness, shown }: PageCell): string {
  const { object, scene } = likeness;
  const figures = [
    ...(object === null ? [] : [`like the object’s ${object.score.toFixed(3)}`]),
    ...(scene === null ? [] : [`like the scene’s ${scene.score.toFixed(3)}`]),
  ];
  const notes = [...figures, ...explainChecks(checks)].map((line) => `<p class="quiet">${escape(line)}</p>`);
  return `<td>${shown === null ? '' : picture(shown, text)}<p>${escape(text)}</p>${notes.join('')}</td>`;
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
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${style}</style>
<h1>${escape(title)}</h1>
<p>Each row shows the main object of its picture in the scene and style of each column’s.</p>
<table>
<tr><td></td>${sources.map((source) => head(source, 'col')).join('')}</tr>
${rows.join('\n')}
</table>
</html>
`;
}
