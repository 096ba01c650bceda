import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';

/** Whether a later studio made the tables of a file. Looks without writing; a file that is no database is not newer. */
export function isNewerDatabase(file: string, known: number): boolean {
  if (file === ':memory:' || !existsSync(file)) return false;
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { readonly: true });
    return Number(database.pragma('user_version', { simple: true })) > known;
  } catch (cause) {
    // Whoever opens it to write meets the same damage and says what becomes of it.
    if (cause instanceof Database.SqliteError) return false;
    throw cause;
  } finally {
    database?.close();
  }
}
