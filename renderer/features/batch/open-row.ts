import type { BatchRow } from '../../../contract/batch.ts';
import type { ItemOpening } from '../../state/library/item-opening.ts';

/** Opens a row in the Studio: its text of that length with its picture, or the picture alone while it has none. */
export async function openRow(opening: ItemOpening, row: BatchRow, length: number): Promise<void> {
  const text = row.texts.find((one) => one.length === length) ?? row.texts[0];
  const itemId = text?.itemId ?? row.pictureId;
  if (itemId !== null) await opening.openById(itemId);
}
