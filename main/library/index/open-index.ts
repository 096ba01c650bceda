import Database from 'better-sqlite3';
import { existsSync, rmSync, statSync } from 'node:fs';
import { databaseDamage } from '../../storage/is-database-damage.ts';
import { IN_MEMORY, openDatabase } from '../../storage/open-database.ts';
import { setAside } from '../../storage/set-aside.ts';
import { createIndexTables, INDEX_VERSION } from './index-schema.ts';
import { isIndexDamage } from './is-index-damage.ts';
import { LibraryIndex } from './library-index.ts';

/** An index, and what became of the one on disk: `kept`, or why it is new and empty. */
export interface OpenedIndex {
  readonly index: LibraryIndex;
  readonly state: 'kept' | 'missing' | 'damaged' | 'outdated' | 'unusable';
  /** Where a damaged one is kept. */
  readonly aside: string | null;
}

/**
 * Opens the index for writing; one that is missing, of another version or damaged is made new, and a damaged one put aside.
 * SqliteError passes through.
 *
 * @param clock Milliseconds since the epoch.
 */
export function openIndex(file: string, clock: () => number): OpenedIndex {
  if (!existsSync(file)) return { index: createIndex(file), state: 'missing', aside: null };
  try {
    const index = openExisting(file, false);
    return index ? { index, state: 'kept', aside: null } : { index: createIndex(file), state: 'outdated', aside: null };
  } catch (cause) {
    // SQLITE_ERROR is a table or column the statements need and the file lacks.
    const lacking = cause instanceof Database.SqliteError && cause.code === 'SQLITE_ERROR';
    if (!lacking && !isIndexDamage(cause)) throw cause;
    const aside = setAside(file, clock());
    return { index: createIndex(file), state: 'damaged', aside };
  }
}

/** Opens the index without writing to it; where that cannot be done the index is in memory. */
export function openIndexReadOnly(file: string): OpenedIndex {
  const inMemory = (state: OpenedIndex['state']): OpenedIndex => ({ index: createIndex(IN_MEMORY), state, aside: null });
  if (!existsSync(file)) return inMemory('missing');
  try {
    const index = openExisting(file, true);
    return index ? { index, state: 'kept', aside: null } : inMemory('outdated');
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause;
    // On a read-only disk SQLite cannot make the shared memory that its log needs, though nothing is wrong with the file.
    return inMemory(isIndexDamage(cause) ? 'damaged' : 'unusable');
  }
}

/** Makes an empty index in place of whatever was there. SqliteError passes through. */
export function createIndex(file: string): LibraryIndex {
  if (file !== IN_MEMORY) removeIndexFiles(file);
  return open(file, false, (database) => {
    createIndexTables(database);
    return new LibraryIndex(database);
  });
}

/** Removes an index with its log and shared memory. */
export function removeIndexFiles(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}

function openExisting(file: string, readonly: boolean): LibraryIndex | null {
  const facts = statSync(file);
  if (!facts.isFile() || facts.size === 0) throw databaseDamage(`${file} is empty`);
  return open(file, readonly, (database) => {
    if (database.pragma('quick_check(1)', { simple: true }) !== 'ok') {
      throw databaseDamage(`${file} is damaged`);
    }
    return database.pragma('user_version', { simple: true }) === INDEX_VERSION ? new LibraryIndex(database) : null;
  });
}

/** Opens the database and closes it again unless `use` made an index of it. */
function open<T extends LibraryIndex | null>(file: string, readonly: boolean, use: (database: Database.Database) => T): T {
  const database = readonly ? new Database(file, { readonly }) : openDatabase(file);
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
