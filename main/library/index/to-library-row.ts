import type { LibraryItem, LibraryRow } from '../../../contract/library.ts';

/** Enough for the lines a grid's cell has room for. */
const TEXT_CHARACTERS = 240;

/** An item as a grid shows it. */
export function toLibraryRow(item: LibraryItem): LibraryRow {
  const { id, kind, title, starred, createdMs } = item;
  return {
    id,
    kind,
    title,
    starred,
    createdMs,
    image: item.kind === 'prompt' ? null : pickImage(item.image),
    text: textOf(item).slice(0, TEXT_CHARACTERS),
    fidelity: item.kind === 'generation' ? (item.fidelity?.mean ?? null) : null,
  };
}

function textOf(item: LibraryItem): string {
  if (item.kind === 'prompt') return item.text;
  return item.kind === 'generation' ? item.recipe.text : '';
}

function pickImage({ sha256, width, height, thumbhash }: NonNullable<LibraryRow['image']>): NonNullable<LibraryRow['image']> {
  return { sha256, width, height, thumbhash };
}
