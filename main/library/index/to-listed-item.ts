import type { LibraryItem } from '../../../contract/library.ts';

/**
 * An item as lists carry it: a prompt comes without its slots. With alternatives and attention a text of 75 tokens is
 * about 150 kB, so a page of them would take longer to read than to look at; the item itself is one call away.
 */
export function toListedItem(item: LibraryItem): LibraryItem {
  return item.kind === 'prompt' ? { ...item, prompt: { ...item.prompt, slots: [] } } : item;
}
