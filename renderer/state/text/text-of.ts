import type { LibraryItem } from '../../../contract/library.ts';
import { cutAtWord } from '../../../contract/texts/cut-text.ts';

const longestTitle = 80;

/** The text an item is made of; empty for a picture someone brought. */
export function textOf(item: LibraryItem): string {
  if (item.kind === 'prompt') return item.text;
  return item.kind === 'generation' ? item.recipe.text : '';
}

/** What an item is called where it stands alone: its title, or the beginning of its text. Empty for a picture without a name. */
export function titleOf(item: LibraryItem): string {
  // A drawing that nobody named has as its title so many characters of its text, whatever word they end in.
  const ofText = item.title === '' || (item.kind === 'generation' && !item.named);
  return ofText ? cutAtWord(textOf(item), longestTitle) : item.title;
}
