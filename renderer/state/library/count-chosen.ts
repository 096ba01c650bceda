import type { LibraryRow } from '../../../contract/library.ts';

/** How much is chosen. */
export interface ChosenCount {
  readonly pictures: number;
  readonly texts: number;
  /** Rows that stand for more than themselves. */
  readonly stacks: number;
}

/** Counts what the chosen rows stand for; null where some of them are not here, so that nobody is told a wrong number. */
export function countChosen(rows: Iterable<LibraryRow>, chosen: ReadonlySet<string>): ChosenCount | null {
  let [found, pictures, texts, stacks] = [0, 0, 0, 0];
  for (const { id, kind, stack } of rows) {
    if (!chosen.has(id)) continue;
    found += 1;
    pictures += stack?.pictures ?? (kind === 'prompt' ? 0 : 1);
    texts += stack === null ? (kind === 'prompt' ? 1 : 0) : stack.items - stack.pictures;
    stacks += stack === null ? 0 : 1;
  }
  return found === chosen.size ? { pictures, texts, stacks } : null;
}
