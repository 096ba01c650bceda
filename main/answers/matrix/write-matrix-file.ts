import type { LibraryItem } from '../../../contract/library.ts';
import type { Matrix, MatrixFile } from '../../../contract/texts/matrix.ts';
import { CSV_MARK, csvLine } from '../../files/csv-line.ts';
import { toDataAddress } from '../../files/pictures-page.ts';
import { explainChecks } from '../../language/explain-checks.ts';
import { addPicture } from '../add-picture.ts';
import { drawSheet } from '../draw-sheet.ts';
import type { StudioServices } from '../studio-services.ts';
import { findMatrix } from './find-matrix.ts';
import { matrixPage } from './matrix-page.ts';
import type { PageCell } from './matrix-page.ts';
import { matrixSheet } from './matrix-sheet.ts';

/** A matrix by row and column; null where both are the same, or where it is not made. */
function layOut<Value>({ sources, cells }: Matrix, valueOf: (cell: Matrix['cells'][number]) => Value): (Value | null)[][] {
  const grid = sources.map(() => sources.map((): Value | null => null));
  for (const cell of cells) grid[cell.object]?.splice(cell.scene, 1, valueOf(cell));
  return grid;
}

const columns = ['object', 'scene', 'text', 'picture', 'faults'];

function toTable({ sources, cells }: Matrix): string {
  const lines = cells.map(({ object, scene, text, picture, checks }) =>
    csvLine([
      sources[object]?.title ?? null,
      sources[scene]?.title ?? null,
      text,
      picture?.sha256 ?? null,
      explainChecks(checks).join('; '),
    ]),
  );
  return CSV_MARK + csvLine(columns) + lines.join('');
}

async function toPage({ library }: StudioServices, matrix: Matrix): Promise<string> {
  // A small copy, so that the page stays one that can be sent.
  const embed = async (sha256: string): Promise<string> => toDataAddress(await library.findView(sha256, 'thumbnail'));
  const shown = [];
  for (const { imageSha256, title, text } of matrix.sources) shown.push({ file: title, text, picture: await embed(imageSha256) });
  const drawings = new Map<string, string>();
  for (const { picture } of matrix.cells) if (picture !== null) drawings.set(picture.sha256, await embed(picture.sha256));
  const cells = layOut(matrix, ({ text, checks, picture }): PageCell => {
    const drawing = picture === null ? null : (drawings.get(picture.sha256) ?? null);
    return { text, checks, likeness: { object: null, scene: null }, shown: drawing };
  });
  return matrixPage(matrix.name, shown, cells);
}

/**
 * The table, or the page that needs no other file.
 * @throws StudioError as findMatrix and the library do
 */
export async function writeMatrixFile(services: StudioServices, { jobId, format }: MatrixFile): Promise<string> {
  const matrix = await findMatrix(services, jobId);
  return format === 'csv' ? toTable(matrix) : toPage(services, matrix);
}

/**
 * The grid as a picture of the library, on the board of the matrix.
 * @throws StudioError as findMatrix and drawSheet do
 */
export async function keepMatrixSheet(services: StudioServices, jobId: string, signal?: AbortSignal): Promise<LibraryItem> {
  const matrix = await findMatrix(services, jobId);
  const drawings = layOut(matrix, ({ picture }) => picture?.sha256 ?? null);
  const pictures = matrix.sources.map(({ imageSha256 }) => imageSha256);
  const bytes = await drawSheet(services, matrixSheet(pictures, drawings), signal);
  const item = await addPicture(services, bytes, { title: matrix.name, ...(signal === undefined ? {} : { signal }) });
  await services.library.updateItems({ itemIds: [item.id], change: { addToBoard: jobId } });
  return item;
}
