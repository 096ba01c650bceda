import type { LibraryItem } from '../../../contract/library.ts';

/** The text an item is made of; empty for a picture someone brought. */
export function textOf(item: LibraryItem): string {
  if (item.kind === 'prompt') return item.text;
  return item.kind === 'generation' ? item.recipe.text : '';
}
