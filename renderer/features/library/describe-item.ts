import type { LibraryRow } from '../../../contract/library.ts';
import { describeCount } from './describe-count.ts';
import { fixed, say } from '../../language/say.ts';

/** What an item is called on screen: its title, or the beginning of its text. */
export function nameOf({ title, text, kind }: Pick<LibraryRow, 'title' | 'text' | 'kind'>): string {
  return title || text || say(`library.kind.${kind}`);
}

/** "Drawn: a red fox, fidelity 0.87, starred" or "Stack: pig, 3 pictures and 2 texts", for people who do not see the cell. */
export function describeRow(row: LibraryRow): string {
  const { stack } = row;
  return [
    say('library.kindAnd', { kind: say(stack === null ? `library.kind.${row.kind}` : 'library.stack'), name: nameOf(row) }),
    ...(stack === null ? [] : [describeCount({ pictures: stack.pictures, texts: stack.items - stack.pictures })]),
    ...(row.fidelity === null ? [] : [say('library.fidelity', { fidelity: fixed(row.fidelity, 2) })]),
    ...(row.starred ? [say('library.starred')] : []),
  ].join(', ');
}
