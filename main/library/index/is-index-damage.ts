import { isDatabaseDamage } from '../../storage/is-database-damage.ts';

/** True for errors that a new index made from the items cures: a file that is no database, broken pages, unreadable rows. */
export function isIndexDamage(cause: unknown): boolean {
  return cause instanceof SyntaxError || isDatabaseDamage(cause);
}
