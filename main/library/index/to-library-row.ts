import { cutText } from '../../../contract/texts/cut-text.ts';
import type { LibraryItem, LibraryRow } from '../../../contract/library.ts';

/** Enough for the lines a grid's cell has room for. */
const TEXT_CHARACTERS = 240;

/** An item as a grid shows it, under the title it has in lists. */
export function toLibraryRow(item: LibraryItem, title: string): LibraryRow {
  const { id, kind, starred, createdMs } = item;
  return {
    id,
    kind,
    title,
    starred,
    createdMs,
    image: item.kind === 'prompt' ? null : pickImage(item.image),
    text: cutText(textOf(item), TEXT_CHARACTERS),
    fidelity: item.kind === 'generation' ? (item.fidelity?.mean ?? null) : null,
    stack: null,
  };
}

function textOf(item: LibraryItem): string {
  if (item.kind === 'prompt') return item.text;
  return item.kind === 'generation' ? item.recipe.text : '';
}

function pickImage(image: NonNullable<LibraryRow['image']>): NonNullable<LibraryRow['image']> {
  const { sha256, width, height, mediaType, thumbhash } = image;
  return { sha256, width, height, mediaType, thumbhash };
}
