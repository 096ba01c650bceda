import { StudioError } from '../../contract/errors.ts';

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
const UNWRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'SQLITE_CANTOPEN', 'SQLITE_PERM']);

/**
 * Turns a failed write into what a person can act on: disk-full or file-unwritable. Anything else is returned as it
 * came, to be treated as a bug.
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
  if (UNWRITABLE.has(code) || code.startsWith('SQLITE_READONLY')) {
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
