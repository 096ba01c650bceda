import Database from 'better-sqlite3';

/** True for errors that a new index made from the items cures: a file that is no database, broken pages, unreadable rows. */
export function isIndexDamage(cause: unknown): boolean {
  if (cause instanceof SyntaxError) return true;
  return cause instanceof Database.SqliteError && (cause.code.startsWith('SQLITE_CORRUPT') || cause.code === 'SQLITE_NOTADB');
}
