import { StudioError } from '../../contract/errors.ts';
import { isDatabaseDamage } from './is-database-damage.ts';

// EFBIG is a limit on file size, EDQUOT on the user: for a person both are a disk that takes no more.
const FULL = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'SQLITE_FULL',
  'SQLITE_IOERR_WRITE',
  'SQLITE_IOERR_SHMSIZE',
  'SQLITE_IOERR_FSYNC',
]);
/** Everything else that SQLite is refused by the disk or by another program; what is wrong with a statement is a bug. */
const REFUSED = /^SQLITE_(READONLY|CANTOPEN|PERM|IOERR|BUSY|LOCKED|PROTOCOL|NOLFS|AUTH)/;

/**
 * Turns a failed write into what a person can act on: disk-full, file-unwritable, or library-damaged for a database that was damaged
 * while it was in use. Anything else is returned as it came, to be treated as a bug.
 */
export function toStorageError(cause: unknown, path: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (FULL.has(code)) {
    return new StudioError(
      'disk-full',
      `The disk is full: ${path} could not be written.`,
      'Free some space on that disk, or move the data folder to a larger one, then try again. What was stored before is safe.',
      { path, reason: code },
      cause,
    );
  }
  if (isDatabaseDamage(cause)) {
    return new StudioError(
      'library-damaged',
      `${path} was damaged while it was in use.`,
      'Close the studio and start it again: it puts the damaged file aside and says what is made again.',
      { path, reason: code },
      cause,
    );
  }
  if (isRefusedBySystem(cause) || REFUSED.test(code)) {
    return new StudioError(
      'file-unwritable',
      `${path} cannot be written.`,
      'Check that you may write in that folder and that its disk is not read-only, then try again.',
      { path, reason: code },
      cause,
    );
  }
  return cause;
}

/** Any answer of the file system: a folder that is gone, a disk that was pulled out, a right that was taken away while the studio runs. */
function isRefusedBySystem(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && 'code' in cause;
}
