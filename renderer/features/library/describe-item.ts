import type { ItemKind, LibraryRow } from '../../../contract/library.ts';

export const kindNames: Readonly<Record<ItemKind, string>> = { picture: 'Picture', prompt: 'Text', generation: 'Drawn' };

/** What an item is called on screen: its title, or the beginning of its text. */
export function nameOf({ title, text, kind }: Pick<LibraryRow, 'title' | 'text' | 'kind'>): string {
  return title || text || kindNames[kind];
}

/** "Drawn: a red fox, fidelity 0.87, starred", for people who do not see the cell. */
export function describeRow(row: LibraryRow): string {
  return [
    `${kindNames[row.kind]}: ${nameOf(row)}`,
    ...(row.fidelity === null ? [] : [`fidelity ${row.fidelity.toFixed(2)}`]),
    ...(row.starred ? ['starred'] : []),
  ].join(', ');
}

/** "3 Nov 2026, 14:05 CET": the clock of this machine */
export function describeTime(timeMs: number): string {
  return new Date(timeMs).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  });
}
