import type { LibraryItem } from '../../../contract/library.ts';
import { openSealed } from './seal-json.ts';

/**
 * An item from the index's `listings` table. Only items that were parsed by the contract's schema are written there,
 * so they are not parsed a second time: a page would cost several times as much.
 */
export function readListedItem(sealed: string): LibraryItem {
  return openSealed(sealed) as LibraryItem;
}
