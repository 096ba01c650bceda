import Database from 'better-sqlite3';
import { existsSync, rmSync } from 'node:fs';
import { createIndexTables, INDEX_VERSION } from './index-schema.ts';
import { isIndexDamage } from './is-index-damage.ts';
import { LibraryIndex } from './library-index.ts';

/** An index, and what became of the one on disk: `kept`, or why it is new and empty. */
export interface OpenedIndex {
  readonly index: LibraryIndex;
  readonly state: 'kept' | 'missing' | 'damaged' | 'outdated';
}

/** An index in memory, for a library that is read only and has none that can be used. */
export const IN_MEMORY = ':memory:';

/** Opens the index for writing; one that is missing, damaged or of another version is made new. SqliteError passes through. */
export function openIndex(file: string): OpenedIndex {
  if (!existsSync(file)) return { index: createIndex(file), state: 'missing' };
  try {
    const index = openExisting(file, false);
    return index ? { index, state: 'kept' } : { index: createIndex(file), state: 'outdated' };
  } catch (cause) {
    // SQLITE_ERROR is a table or column the statements need and the file lacks.
    const lacking = cause instanceof Database.SqliteError && cause.code === 'SQLITE_ERROR';
    if (!lacking && !isIndexDamage(cause)) throw cause;
    return { index: createIndex(file), state: 'damaged' };
  }
}

/** Opens the index without writing to it; where that cannot be done the index is in memory. */
export function openIndexReadOnly(file: string): OpenedIndex {
  if (!existsSync(file)) return { index: createIndex(IN_MEMORY), state: 'missing' };
  try {
    const index = openExisting(file, true);
    return index ? { index, state: 'kept' } : { index: createIndex(IN_MEMORY), state: 'outdated' };
  } catch (cause) {
    // A read-only disk is one such case: SQLite cannot make the shared memory file that a WAL database needs.
    if (!(cause instanceof Database.SqliteError)) throw cause;
    return { index: createIndex(IN_MEMORY), state: 'damaged' };
  }
}

/** Makes an empty index in place of whatever was there. SqliteError passes through. */
export function createIndex(file: string): LibraryIndex {
  if (file !== IN_MEMORY) removeIndexFiles(file);
  return open(file, false, (database) => {
    database.pragma('journal_mode = WAL');
    createIndexTables(database);
    return new LibraryIndex(database);
  });
}

/** Removes an index with its log and shared memory. */
export function removeIndexFiles(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}

function openExisting(file: string, readonly: boolean): LibraryIndex | null {
  return open(file, readonly, (database) => {
    if (!readonly) database.pragma('journal_mode = WAL');
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') {
      throw new Database.SqliteError(`${file} is damaged`, 'SQLITE_CORRUPT');
    }
    return database.pragma('user_version', { simple: true }) === INDEX_VERSION ? new LibraryIndex(database) : null;
  });
}

/** Opens the database and closes it again unless `use` made an index of it. */
function open<T extends LibraryIndex | null>(file: string, readonly: boolean, use: (database: Database.Database) => T): T {
  const database = new Database(file, { readonly });
  try {
    // The items are the truth and are flushed; an index that loses its last moments in a power cut is mended at the next start.
    database.pragma('synchronous = NORMAL');
    const index = use(database);
    if (index === null) database.close();
    return index;
  } catch (cause) {
    database.close();
    throw cause;
  }
}
