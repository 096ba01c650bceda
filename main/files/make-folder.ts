import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StudioError } from '../../contract/errors.ts';

/**
 * Makes a folder with those above it. Node's own way of doing so never ends where a folder above says that it is not there, as
 * `/proc` does.
 *
 * @param hint What a person can do where it cannot be made.
 * @throws StudioError disk-full or file-unwritable
 */
export function makeFolder(folder: string, hint: string): void {
  try {
    const facts = statSync(folder, { throwIfNoEntry: false });
    if (facts?.isDirectory() === true) return;
    if (facts !== undefined) throw isFile(folder, hint);
    const above = dirname(folder);
    if (above !== folder) makeFolder(above, hint);
    mkdirSync(folder);
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    // Another process was quicker.
    if (code === 'EEXIST' && statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    const message = full ? `The disk is full: ${folder} could not be made.` : `No folder can be made at ${folder}.`;
    throw new StudioError(full ? 'disk-full' : 'file-unwritable', message, hint, { path: folder, reason: code }, cause);
  }
}

function isFile(path: string, hint: string): StudioError {
  return new StudioError('file-unwritable', `${path} is a file, not a folder.`, hint, { path, reason: 'ENOTDIR' });
}
