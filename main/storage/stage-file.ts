import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileStamp } from './file-stamp.ts';
import { syncFolder } from './sync-folder.ts';
import { toStorageError } from './to-storage-error.ts';

/** Bytes that are safely on disk under a temporary name, one rename away from being there. */
export interface StagedFile {
  /** What the file will have for size and time after `publish`. */
  readonly stamp: FileStamp;
  publish(): Promise<void>;
  discard(): Promise<void>;
}

/** How temporary files end; whatever ends so when a library is opened was left by a process that died. */
export const STAGED_SUFFIX = '.tmp';

/**
 * Writes `bytes` beside `path` and flushes them. A reader of `path` sees the old file or the new one, never half of
 * one. A failed write leaves nothing behind. Throws StudioError disk-full or file-unwritable.
 */
export async function stageFile(path: string, bytes: Uint8Array): Promise<StagedFile> {
  const staged = join(dirname(path), `${basename(path)}.${process.pid}-${randomBytes(6).toString('hex')}${STAGED_SUFFIX}`);
  const discard = (): Promise<void> => rm(staged, { force: true });
  try {
    const stamp = await writeAndFlush(staged, bytes);
    const publish = async (): Promise<void> => {
      try {
        await rename(staged, path);
        await syncFolder(dirname(path));
      } catch (cause) {
        await discard();
        throw toStorageError(cause, path);
      }
    };
    return { stamp, publish, discard };
  } catch (cause) {
    await discard();
    throw toStorageError(cause, path);
  }
}

async function writeAndFlush(path: string, bytes: Uint8Array): Promise<FileStamp> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
    const { mtimeMs, size } = await file.stat();
    return { modifiedMs: mtimeMs, bytes: size };
  } finally {
    await file.close();
  }
}
