import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { renamePatiently, renamePatientlyNow } from './rename-patiently.ts';
import { syncFolder, syncFolderNow } from './sync-folder.ts';

/** Bytes that are safely on disk under a temporary name, one rename away from being there. */
export interface StagedBytes {
  /** What the file will have for size, and for time in milliseconds since the epoch with the file system's fractions. */
  readonly stamp: { readonly modifiedMs: number; readonly bytes: number };
  /** Gives the bytes their name, over an older file where there is one. After a failure nothing is left but that one. */
  readonly publish: () => Promise<void>;
  /** Gives the bytes another name in the same folder, unless that is taken: false then, and they stay staged. */
  publishAs(path: string): Promise<boolean>;
  readonly discard: () => Promise<void>;
}

export interface WriteOptions {
  /** False for what can be made again: a power cut may cost it. Default: true. */
  readonly flush?: boolean;
  /** Rights of a new file. Default: what the system gives. */
  readonly mode?: number;
}

/** How temporary files end; whatever ends so when its folder is opened was left by a process that died. */
export const STAGED_SUFFIX = '.tmp';
const STAGED_NAME = /\.\d+-[0-9a-f]{12}\.tmp$/;

/** What hard links are refused with where a file system has none. */
const NO_LINKS = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK']);

/**
 * The one way in which the studio writes a file that must be whole: bytes are flushed under a temporary name beside `path` and then
 * renamed. A reader of `path` sees the old file or the new one, never half of one. A failed write leaves nothing behind.
 * Errors of the file system pass through.
 */
export async function stageWhole(path: string, bytes: Uint8Array | string, options: WriteOptions = {}): Promise<StagedBytes> {
  const staged = nameBeside(path);
  const folder = dirname(path);
  const flushed = options.flush !== false;
  const discard = (): Promise<void> => discardQuietly(staged);
  const orDiscard = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (cause) {
      await discard();
      throw cause;
    }
  };
  const stamp = await orDiscard(() => writeNew(staged, bytes, options));
  return {
    stamp,
    publish: () =>
      orDiscard(async () => {
        await renamePatiently(staged, path);
        if (flushed) await syncFolder(folder);
      }),
    publishAs: (other) =>
      orDiscard(async () => {
        if (!(await nameIfFree(staged, other))) return false;
        if (flushed) await syncFolder(folder);
        return true;
      }),
    discard,
  };
}

/** Writes a file whole or not at all, over an older one. */
export async function writeWhole(path: string, bytes: Uint8Array | string, options: WriteOptions = {}): Promise<void> {
  const staged = await stageWhole(path, bytes, options);
  await staged.publish();
}

/** The same where it stands, for a few bytes of a program that is going down. */
export function writeWholeNow(path: string, bytes: Uint8Array | string, { mode }: Pick<WriteOptions, 'mode'> = {}): void {
  const staged = nameBeside(path);
  try {
    const file = openSync(staged, 'wx', mode);
    try {
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renamePatientlyNow(staged, path);
    syncFolderNow(dirname(path));
  } catch (cause) {
    try {
      rmSync(staged, { force: true });
    } catch {
      // What cannot be removed now is swept later; why it was not written matters more.
    }
    throw cause;
  }
}

/** Removes what processes that died had staged in a folder. Only whoever alone writes there may do so. A folder that cannot be listed has nothing to sweep. */
export function sweepStaged(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    if (!STAGED_NAME.test(name)) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // It is in nobody's way; the next start tries again.
    }
  }
}

/** A long name is cut: with what is added it might be longer than a file system takes. */
function nameBeside(path: string): string {
  const start = basename(path).slice(0, 60);
  return join(dirname(path), `${start}.${process.pid}-${randomBytes(6).toString('hex')}${STAGED_SUFFIX}`);
}

/** What cannot be removed now is swept later; why it was not written matters more. */
async function discardQuietly(staged: string): Promise<void> {
  await rm(staged, { force: true }).catch(() => undefined);
}

async function writeNew(path: string, bytes: Uint8Array | string, { flush = true, mode }: WriteOptions) {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(bytes);
    if (flush) await file.sync();
    const { mtimeMs, size } = await file.stat();
    return { modifiedMs: mtimeMs, bytes: size };
  } finally {
    await file.close();
  }
}

/** A hard link takes a free name in one step; where there are none an empty file holds the name until the rename. */
async function nameIfFree(staged: string, path: string): Promise<boolean> {
  try {
    await link(staged, path);
    await discardQuietly(staged);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return false;
    if (!NO_LINKS.has(code)) throw error;
  }
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await renamePatiently(staged, path);
  } catch (error) {
    await discardQuietly(path);
    throw error;
  }
  return true;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
