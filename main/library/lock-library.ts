import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { copyFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { isDatabaseDamage } from '../storage/is-database-damage.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { STAGED_SUFFIX } from '../files/write-whole.ts';

/** What SQLite answers where a lock is not had: another process has it, or the disk has none. */
const NO_LOCK = /^SQLITE_(BUSY|PROTOCOL|NOLFS|IOERR_(LOCK|RDLOCK|CHECKRESERVEDLOCK|UNLOCK))/;

/**
 * Makes this process the only one that writes the library. The lock is an exclusive SQLite transaction that stays open:
 * the operating system ends it with the process, so a killed host leaves no stale lock behind.
 * Throws StudioError library-in-use, file-unwritable or disk-full.
 *
 * @param clock Milliseconds since the epoch.
 * @param onRepair Hears of a lock file that something else was written into.
 * @returns Gives the lock back.
 */
export function lockLibrary(folder: string, clock: () => number, onRepair: (sentence: string) => void): () => void {
  const file = join(folder, 'lock.sqlite');
  try {
    return take(file);
  } catch (cause) {
    if (isDatabaseDamage(cause)) return mend(file, clock, onRepair);
    throw explain(cause, folder, file);
  }
}

function take(file: string): () => void {
  const database = new Database(file, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw cause;
  }
  return () => {
    database.close();
  };
}

/**
 * The file is emptied where it lies: one put in its place could be locked by two hosts that mend it at the same time. Nobody holds it,
 * because a lock is asked for before its first byte is read.
 */
function mend(file: string, clock: () => number, onRepair: (sentence: string) => void): () => void {
  const aside = `${file}.damaged-${clock()}`;
  try {
    copyFileSync(file, aside);
    truncateSync(file, 0);
    const unlock = take(file);
    onRepair(`The library's lock was damaged and was made again; the old one is kept in ${aside}.`);
    return unlock;
  } catch (cause) {
    throw explain(cause, join(file, '..'), file);
  }
}

function explain(cause: unknown, folder: string, file: string): unknown {
  if (!(cause instanceof Database.SqliteError) || !NO_LOCK.test(cause.code)) return toStorageError(cause, file);
  if (!hasLocks(folder)) {
    return new StudioError(
      'file-unwritable',
      `The disk of ${folder} has no file locks, so it cannot hold a library: two studios would write over each other.`,
      'Set DEDIFFUSION_HOME to a folder on a disk of this machine; network disks often have no locks.',
      { folder, reason: cause.code },
      cause,
    );
  }
  return new StudioError(
    'library-in-use',
    `The library in ${folder} is open in another studio.`,
    'Close the other window or command, or choose another data folder with DEDIFFUSION_HOME.',
    { folder },
    cause,
  );
}

/** Whether a file that nobody else knows can be locked here: where it cannot, the disk has no locks. */
function hasLocks(folder: string): boolean {
  const file = join(folder, `lock.${process.pid}-${randomBytes(6).toString('hex')}${STAGED_SUFFIX}`);
  try {
    take(file)();
    return true;
  } catch {
    return false;
  } finally {
    for (const suffix of ['', '-journal']) rmSync(file + suffix, { force: true });
  }
}

/** Why nothing is kept in a library that was opened beside the studio that holds it. */
export function readOnlyError(folder: string): StudioError {
  const hint = 'Open the library for writing: close the other studio and try again.';
  return new StudioError('file-unwritable', 'The library is open for reading only.', hint, { folder });
}
