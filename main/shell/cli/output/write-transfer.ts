import { join } from 'node:path';
import { toDashedName } from '../../../../contract/file-name.ts';
import type { Transfer, TransferTool } from '../../../../contract/transfer.ts';
import { writeWhole } from '../../../files/write-whole.ts';
import type { Studio } from '../../../studio.ts';
import { keepFile } from './keep-file.ts';
import { makeOutFolder } from './make-out-folder.ts';

/** A column by the name it is asked for with. */
export function nameColumn(tool: TransferTool): string {
  if (tool.type === 'midjourney') return 'midjourney';
  return tool.type === 'pack' ? `local:${tool.packId}` : tool.connectionIds.join('+');
}

/**
 * The pictures, the table, the page and the sheet of a transfer, and, a line each, the texts that a person takes to Midjourney; all but
 * the pictures over those of an earlier run.
 *
 * @returns their paths, and those of the pictures in the order of the cells; null where there is none
 */
export async function writeTransfer(
  studio: Studio,
  transfer: Transfer,
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly files: string[]; readonly pictures: (string | null)[] }> {
  const picturesFolder = join(folder, 'pictures');
  makeOutFolder(picturesFolder);
  const pictures: (string | null)[] = [];
  for (const { row, column, seedIndex, sha256, seed } of transfer.cells) {
    const tool = transfer.tools[column];
    if (sha256 === null || tool === undefined) {
      pictures.push(null);
      continue;
    }
    const name = [transfer.rows[row]?.name ?? '', nameColumn(tool)].map(toDashedName).join('-');
    const bytes = await studio.readImage(sha256);
    pictures.push(await keepFile(picturesFolder, `${row + 1}-${name}-${seed ?? seedIndex + 1}`, '.png', bytes));
  }
  const files: string[] = [];
  for (const format of ['csv', 'html'] as const) {
    const path = join(folder, `transfer.${format}`);
    await writeWhole(path, await studio.client.transfers.export({ transferId: transfer.id, format }));
    files.push(path);
  }
  files.push(...(await writeHandedOut(transfer, folder)));
  const sheet = join(folder, 'transfer.png');
  await writeWhole(sheet, await studio.drawTransfer(transfer.id, signal));
  return { files: [...files, sheet], pictures };
}

/** A line for each text that a person takes to Midjourney; no file where there is none. */
export async function writeHandedOut({ cells }: Transfer, folder: string): Promise<string[]> {
  const texts = [...new Set(cells.flatMap(({ handedOut }) => handedOut?.text ?? []))];
  if (texts.length === 0) return [];
  const path = join(folder, 'midjourney.txt');
  await writeWhole(path, `${texts.join('\n')}\n`);
  return [path];
}
