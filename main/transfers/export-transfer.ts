import { StudioError } from '../../contract/errors.ts';
import type { Transfer, TransferFormat } from '../../contract/transfer.ts';
import { toDataAddress } from '../files/pictures-page.ts';
import type { Library } from '../library/library.ts';
import { transferPage } from './transfer-page.ts';
import { transferTable } from './transfer-table.ts';

/** Sides of a place of the sheet, in pixels, and of the whole. */
const MOST_CELL = 256;
const MOST_SIDE = 8000;

/** A small copy as a data address, so that a page stays one that can be sent; null for a picture that was deleted. */
async function embed(library: Library, sha256: string): Promise<string | null> {
  try {
    return await toDataAddress(await library.findView(sha256, 'thumbnail'));
  } catch (cause) {
    if (cause instanceof StudioError && cause.code === 'not-found') return null;
    throw cause;
  }
}

/** The table (CSV) or the page (HTML, self-contained) of a transfer, as it is just now. */
export async function exportTransfer(library: Library, transfer: Transfer, format: TransferFormat): Promise<string> {
  if (format === 'csv') return transferTable(transfer);
  const shown = new Map<string, string>();
  for (const sha256 of [...transfer.rows.map((row) => row.originalSha256), ...transfer.cells.map((cell) => cell.sha256)]) {
    if (sha256 === null || shown.has(sha256)) continue;
    const address = await embed(library, sha256);
    if (address !== null) shown.set(sha256, address);
  }
  return transferPage(transfer, shown);
}

/** How a transfer lies on one sheet: a line for each prompt, the original in front, then each tool's pictures seed by seed. */
export function layOutSheet(
  library: Library,
  { rows, tools, seeds, cells }: Transfer,
): { readonly cells: readonly (string | null)[]; readonly columns: number; readonly cellPixels: number } {
  const across = 1 + tools.length * seeds.length;
  const here = (sha256: string | null): string | null => (sha256 !== null && library.hasImage(sha256) ? sha256 : null);
  const places = rows.flatMap((row, at) => [
    here(row.originalSha256),
    ...cells.filter((cell) => cell.row === at).map((cell) => here(cell.sha256)),
  ]);
  const most = Math.floor(MOST_SIDE / Math.max(across, rows.length)) - 2;
  return { cells: places, columns: across, cellPixels: Math.max(8, Math.min(MOST_CELL, most)) };
}
