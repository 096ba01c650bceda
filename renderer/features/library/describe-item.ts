import type { LibraryRow } from '../../../contract/library.ts';
import { fixed, say } from '../../language/say.ts';

/** What an item is called on screen: its title, or the beginning of its text. */
export function nameOf({ title, text, kind }: Pick<LibraryRow, 'title' | 'text' | 'kind'>): string {
  return title || text || say(`library.kind.${kind}`);
}

/** "Drawn: a red fox, fidelity 0.87, starred", for people who do not see the cell. */
export function describeRow(row: LibraryRow): string {
  return [
    say('library.kindAnd', { kind: say(`library.kind.${row.kind}`), name: nameOf(row) }),
    ...(row.fidelity === null ? [] : [say('library.fidelity', { fidelity: fixed(row.fidelity, 2) })]),
    ...(row.starred ? [say('library.starred')] : []),
  ].join(', ');
}
