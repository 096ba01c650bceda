import Database from 'better-sqlite3';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { toStorageError } from '../storage/to-storage-error.ts';

/**
 * Makes this process the only one that writes the library. The lock is an exclusive SQLite transaction that stays open:
 * the operating system ends it with the process, so a killed host leaves no stale lock behind.
 * Throws StudioError library-in-use, file-unwritable or disk-full.
 *
 * @returns Gives the lock back.
 */
export function lockLibrary(folder: string): () => void {
  const file = join(folder, 'lock.sqlite');
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) {
      throw new StudioError(
        'library-in-use',
        `The library in ${folder} is open in another studio.`,
        'Close the other window or command, or choose another data folder with DEDIFFUSION_HOME.',
        { folder },
        cause,
      );
    }
    throw toStorageError(cause, file);
  }
  const held = database;
  return () => {
    held.close();
  };
}
