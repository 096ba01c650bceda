import { readFile } from 'node:fs/promises';
import { escapeHtml } from './escape-html.ts';

export interface PicturesPage {
  readonly title: string;
  /** A sentence that says how to read it. */
  readonly note: string;
  /** Width of a column, in CSS pixels. */
  readonly columnPixels: number;
  /** Cells of the first row as HTML, the corner among them. */
  readonly heads: string;
  /** The other rows as HTML, `<tr>` included. */
  readonly rows: readonly string[];
}

/** A picture in a cell; texts are strangers’, and none of them is ever markup. */
export const pictureTag = (address: string, name: string): string =>
  `<img src="${escapeHtml(address)}" alt="${escapeHtml(name)}" loading="lazy">`;

/** A line below a picture, such as a figure. */
export const quietLine = (line: string): string => `<p class="quiet">${escapeHtml(line)}</p>`;

/** A picture as a data address. Give a small copy, so that the page stays one that can be sent. */
export async function toDataAddress({ path, mediaType }: { readonly path: string; readonly mediaType: string }): Promise<string> {
  return `data:${mediaType};base64,${(await readFile(path)).toString('base64')}`;
}

/** A table of pictures as one HTML page that needs no other file and asks nobody. */
export function picturesPage({ title, note, columnPixels, heads, rows }: PicturesPage): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; font: 14px/20px system-ui, sans-serif; }
  table { border-collapse: collapse; }
  th, td { width: ${columnPixels}px; padding: 8px; vertical-align: top; text-align: left; font-weight: 400; border: 1px solid #8886; }
  th { background: #8882; }
  img { display: block; width: 100%; margin-bottom: 8px; }
  p { margin: 0 0 4px; overflow-wrap: anywhere; }
  .quiet { opacity: .7; font-size: 12px; line-height: 16px; }
</style>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(note)}</p>
<table>
<tr>${heads}</tr>
${rows.join('\n')}
</table>
</html>
`;
}
