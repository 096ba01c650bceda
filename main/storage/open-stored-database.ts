import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { renamePatientlyNow } from '../rename-patiently.ts';
import { isNewerDatabase } from './is-newer-database.ts';

export interface StoredDatabaseOptions {
  readonly file: string;
  /** Statements that make the tables of an empty database. */
  readonly tables: string;
  /** Kept as `user_version`: the version of the tables. */
  readonly version: number;
  /** Throws SqliteError where the tables are not as they should be. */
  readonly check: (database: Database.Database) => void;
  /** What the file holds, for the sentence about damage: "list of jobs". */
  readonly holds: string;
  readonly clock: () => number;
  readonly onProblem: (problem: string) => void;
}

/**
 * Opens or makes a file in which every transaction survives the death of the process. One that is no database any more is put
 * aside under another name; one of a later studio stays as it is, and what is kept then lasts as long as the process. `onProblem`
 * hears of both. Other SqliteErrors pass through.
 */
export function openStoredDatabase(options: StoredDatabaseOptions): Database.Database {
  const { file, holds, clock, onProblem } = options;
  if (isNewerDatabase(file, options.version)) {
    onProblem(
      `The ${holds} in ${file} was written by a newer version of the studio. It was left as it is; what is done here is forgotten at the end.`,
    );
    return prepareDatabase({ ...options, file: ':memory:' });
  }
  try {
    return prepareDatabase(options);
  } catch (cause) {
    const damaged = cause instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT|ERROR)/.test(cause.code);
    if (!damaged) throw cause;
    const aside = `${file}.damaged-${clock()}`;
    for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renamePatientlyNow(file + suffix, aside + suffix);
    onProblem(`The ${holds} was damaged (${cause.message}) and starts empty; the old one is kept in ${aside}.`);
    return prepareDatabase(options);
  }
}

function prepareDatabase({ file, tables, version: wanted, check }: StoredDatabaseOptions): Database.Database {
  const database = new Database(file);
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    const version = database.pragma('user_version', { simple: true });
    if (version === 0) database.transaction(() => database.exec(`${tables} PRAGMA user_version = ${wanted};`))();
    else if (version !== wanted) throw new Database.SqliteError(`version ${String(version)} is not known`, 'SQLITE_NOTADB');
    check(database);
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok')
      throw new Database.SqliteError('broken pages', 'SQLITE_CORRUPT');
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}
