import { join } from 'node:path';
import { explainChecks, matrixPage, matrixSheet } from '../../../studio.ts';
import type { PageCell, Studio } from '../../../studio.ts';
import { CSV_MARK, csvLine } from '../../../files/csv-line.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import type { MatrixCell } from '../matrix-cells.ts';
import { toDataAddress } from '../../../files/pictures-page.ts';

export interface MatrixSource {
  /** Its file, as it was named. */
  readonly image: string;
  readonly sha256: string;
  readonly text: string;
}

/** A row for each object and a column for each scene; null on the diagonal, and for what could not be made. */
export type MatrixGrid = readonly (readonly (MatrixCell | null)[])[];

export interface MatrixPlace {
  readonly folder: string;
  /** Where the drawings lie. */
  readonly cellsFolder: string;
  /** False: there is nothing to make a grid of. */
  readonly isDrawn: boolean;
}

/**
 * The table, the page and, where blends were drawn, the grid; over those of an earlier run.
 * @returns their paths
 */
export async function writeMatrix(
  studio: Studio,
  place: MatrixPlace,
  sources: readonly MatrixSource[],
  grid: MatrixGrid,
  signal: AbortSignal,
): Promise<string[]> {
  const nameFile = (ending: string): string => join(place.folder, `matrix.${ending}`);
  const [table, page, sheet] = [nameFile('csv'), nameFile('html'), nameFile('png')];
  const drawings = await addDrawings(studio, place, grid);
  await writeWhole(table, toTable(sources, grid));
  await writeWhole(page, await toPage(studio, sources, grid, drawings));
  if (!place.isDrawn) return [table, page];
  await writeWhole(sheet, await toSheet(studio, sources, grid, drawings, signal));
  return [table, page, sheet];
}

/** The drawings of the cells as pictures of this library, which an earlier run's are not yet. */
async function addDrawings(
  studio: Studio,
  { cellsFolder }: MatrixPlace,
  grid: MatrixGrid,
): Promise<ReadonlyMap<MatrixCell, string>> {
  const drawings = new Map<MatrixCell, string>();
  for (const cell of grid.flat()) {
    if (cell?.picture == null) continue;
    drawings.set(cell, (await studio.addImage(join(cellsFolder, cell.picture))).image.sha256);
  }
  return drawings;
}

const columns = ['object', 'scene', 'text', 'picture', 'object_likeness', 'scene_likeness', 'faults'];

function toTable(sources: readonly MatrixSource[], grid: MatrixGrid): string {
  const lines = grid.flatMap((line, row) =>
    line.flatMap((cell, column) => {
      if (cell === null) return [];
      const { text, picture, likeness, checks } = cell;
      return [
        csvLine([
          sources[row]?.image ?? null,
          sources[column]?.image ?? null,
          text,
          picture === null ? null : `cells/${picture}`,
          likeness.object?.score ?? null,
          likeness.scene?.score ?? null,
          explainChecks(checks).join('; '),
        ]),
      ];
    }),
  );
  return CSV_MARK + csvLine(columns) + lines.join('');
}

/** A small copy, so that the page stays one that can be sent. */
const embed = async (studio: Studio, sha256: string): Promise<string> => toDataAddress(await studio.locateThumbnail(sha256));

async function toPage(
  studio: Studio,
  sources: readonly MatrixSource[],
  grid: MatrixGrid,
  drawings: ReadonlyMap<MatrixCell, string>,
): Promise<string> {
  const shown = [];
  for (const { image, text, sha256 } of sources) shown.push({ file: image, text, picture: await embed(studio, sha256) });
  const cells: (PageCell | null)[][] = [];
  for (const line of grid) {
    const row: (PageCell | null)[] = [];
    for (const cell of line) {
      const sha256 = cell === null ? undefined : drawings.get(cell);
      row.push(cell === null ? null : { ...cell, shown: sha256 === undefined ? null : await embed(studio, sha256) });
    }
    cells.push(row);
  }
  return matrixPage(`Blends of ${sources.length} pictures`, shown, cells);
}

/** The pictures along the top and the left, and the drawings; a place on the diagonal is empty. */
function toSheet(
  studio: Studio,
  sources: readonly MatrixSource[],
  grid: MatrixGrid,
  drawings: ReadonlyMap<MatrixCell, string>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const places = grid.map((line) => line.map((cell) => (cell === null ? null : (drawings.get(cell) ?? null))));
  const pictures = sources.map(({ sha256 }) => sha256);
  return studio.drawSheet(matrixSheet(pictures, places), signal);
}
