import Database from 'better-sqlite3';
import { existsSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { renamePatientlyNow } from '../files/rename-patiently.ts';
import { syncFolderNow } from '../files/sync-folder.ts';
import { databaseDamage, isDatabaseDamage } from './is-database-damage.ts';
import { IN_MEMORY, openDatabase } from './open-database.ts';
import { setAside } from './set-aside.ts';

export interface StoredDatabaseOptions {
  readonly file: string;
  /**
   * How the tables grew: the first statements make those of version 1 in an empty database, each following ones take them from a
   * version to the next. What landed never changes; the count is today's version, kept as `user_version`.
   */
  readonly steps: readonly [string, ...string[]];
  /** Throws SqliteError where the tables are not as they should be. */
  readonly check: (database: Database.Database) => void;
  /** What the file holds, for the sentence about damage: "list of jobs". */
  readonly holds: string;
  readonly clock: () => number;
  readonly onProblem: (problem: string) => void;
}

/**
 * Opens or makes a file in which every transaction survives the death of the process, and brings the tables of an older version to
 * today's in one transaction. A file that is no database any more is put aside under another name; one of a later studio stays as it
 * is, and what is kept then lasts as long as the process. `onProblem` hears of both. Other SqliteErrors pass through.
 */
export function openStoredDatabase(options: StoredDatabaseOptions): Database.Database {
  const { file, holds, steps, onProblem } = options;
  if (file === IN_MEMORY) return makeTables(file, options);
  if (isNewerDatabase(file, steps.length)) {
    onProblem(
      `The ${holds} in ${file} was written by a newer version of the studio. It was left as it is; what is done here is forgotten at the end.`,
    );
    return makeTables(IN_MEMORY, options);
  }
  // A log without its file would be taken for the log of the new one.
  if (!existsSync(file) && !existsSync(`${file}-wal`)) return create(options);
  try {
    return openExisting(options);
  } catch (cause) {
    // SQLITE_ERROR is a table or column the statements need and the file lacks.
    const lacking = cause instanceof Database.SqliteError && cause.code === 'SQLITE_ERROR';
    if (!lacking && !isDatabaseDamage(cause)) throw cause;
    return replaceDamaged(options, cause);
  }
}

/** Puts a damaged file aside, says so, and makes a new one. Nothing may hold the old one open. */
export function replaceDamaged(options: StoredDatabaseOptions, cause: unknown): Database.Database {
  const { file, holds, clock, onProblem } = options;
  const aside = setAside(file, clock());
  const reason = cause instanceof Error ? cause.message : String(cause);
  onProblem(`The ${holds} was damaged (${reason}) and starts empty; the old one is kept in ${aside}.`);
  return create(options);
}

/** The file gets its name when its tables are in it: a death meanwhile leaves none, and an empty one is known to be damaged. */
function create(options: StoredDatabaseOptions): Database.Database {
  const growing = `${options.file}.new`;
  const clear = () => ['', '-wal', '-shm', '-journal'].forEach((suffix) => rmSync(growing + suffix, { force: true }));
  clear();
  makeTables(growing, options).close();
  renamePatientlyNow(growing, options.file);
  // Without shared memory an empty journal is left.
  clear();
  syncFolderNow(dirname(options.file));
  return openDatabase(options.file);
}

function makeTables(file: string, { steps }: StoredDatabaseOptions): Database.Database {
  const database = openDatabase(file);
  grow(database, steps, 0);
  return database;
}

/** Takes the tables of a version to today's, all or nothing. */
function grow(database: Database.Database, steps: readonly string[], version: number): void {
  database.transaction(() => {
    steps.slice(version).forEach((statements) => database.exec(statements));
    database.pragma(`user_version = ${steps.length}`);
  })();
}

function openExisting({ file, steps, check }: StoredDatabaseOptions): Database.Database {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts?.isFile() !== true) throw databaseDamage('it is no file');
  if (facts.size === 0) throw databaseDamage('it is empty');
  const database = openDatabase(file);
  try {
    const version = Number(database.pragma('user_version', { simple: true }));
    if (version < 1) throw databaseDamage(`version ${version} is not known`);
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw databaseDamage('broken pages');
    if (version < steps.length) grow(database, steps, version);
    check(database);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

/** Whether a later studio made the tables of a file. Looks without writing; a file that is no database is not newer. */
function isNewerDatabase(file: string, known: number): boolean {
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
