import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * What file systems answer that cannot flush a folder: SMB, sshfs and 9p say EINVAL, others that there is no such call, and a folder
 * that may be written but not read cannot be opened. What was renamed is there all the same.
 */
const CANNOT = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EISDIR', 'EACCES', 'EPERM']);

function passOver(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && CANNOT.has(String(error.code)))) throw error;
}

/** Flushes a folder's list of names, without which a rename can be undone by a power cut; where the file system has it. Windows has no such call. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    passOver(error);
  }
}

/** The same where it stands. */
export function syncFolderNow(folder: string): void {
  if (process.platform === 'win32') return;
  try {
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    passOver(error);
  }
}
