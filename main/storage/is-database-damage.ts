import Database from 'better-sqlite3';

/** Errors of a file that is no database any more, that lacks pages, or whose pages or tables are not what they were. */
const DAMAGE = /^SQLITE_(NOTADB|CORRUPT|FORMAT|IOERR_SHORT_READ|IOERR_CORRUPTFS|TOOBIG|MISMATCH)/;

/** True for errors that another file in the place of this one cures. */
export function isDatabaseDamage(cause: unknown): boolean {
  return cause instanceof Database.SqliteError && DAMAGE.test(cause.code);
}

/** What is thrown for damage that SQLite itself does not see. */
export function databaseDamage(message: string): Error {
  return new Database.SqliteError(message, 'SQLITE_CORRUPT');
}
