import Database from 'better-sqlite3';

/** A database in memory. */
export const IN_MEMORY = ':memory:';

/**
 * Opens or makes a database in which every transaction survives the death of the process. The log lies beside it (WAL) where the disk
 * lets processes share memory; SMB, sshfs, 9p and others do not, and there every transaction goes through a journal instead.
 * SqliteError passes through.
 */
export function openDatabase(file: string): Database.Database {
  return prepare(file) ?? prepareAlone(file);
}

/** Null where the disk lets no memory be shared. */
function prepare(file: string): Database.Database | null {
  const database = new Database(file);
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = NORMAL');
    // The log is opened by the first look at a page.
    database.pragma('user_version');
    return database;
  } catch (cause) {
    database.close();
    if (isWithoutSharedMemory(cause)) return null;
    throw cause;
  }
}

/** While it is alone, SQLite keeps in its own memory what it would share, and so can leave a log that was begun on another disk. */
function prepareAlone(file: string): Database.Database {
  const database = new Database(file);
  try {
    database.pragma('locking_mode = EXCLUSIVE');
    database.pragma('journal_mode = TRUNCATE');
    database.pragma('synchronous = FULL');
    database.pragma('user_version');
    database.pragma('locking_mode = NORMAL');
    // The lock is given back by the next look at a page.
    database.pragma('user_version');
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function isWithoutSharedMemory(cause: unknown): boolean {
  return cause instanceof Database.SqliteError && /^SQLITE_IOERR_SHM(MAP|OPEN|LOCK)$/.test(cause.code);
}
