import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes a file whole or not at all, and never over another: when the name is taken by other bytes, `name-2`, `name-3` … are
 * tried. A file that holds these bytes already is left as it is.
 * @param extension with its dot
 * @returns the path that holds the bytes
 */
export async function keepFile(folder: string, name: string, extension: string, bytes: Uint8Array): Promise<string> {
  const staged = join(folder, `.${name}.${randomBytes(6).toString('hex')}.part`);
  try {
    const file = await open(staged, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    for (let number = 1; ; number += 1) {
      const path = join(folder, `${name}${number === 1 ? '' : `-${number}`}${extension}`);
      if ((await publish(staged, path)) || (await holds(path, bytes))) return path;
    }
  } finally {
    await rm(staged, { force: true });
  }
}

/** Gives the staged file its name unless that is taken. A hard link does so in one step; some file systems have none. */
async function publish(staged: string, path: string): Promise<boolean> {
  try {
    await link(staged, path);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EMLINK') throw error;
  }
  if ((await stat(path).catch(() => null)) !== null) return false;
  await rename(staged, path);
  return true;
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const facts = await stat(path);
  return facts.isFile() && facts.size === bytes.byteLength && (await readFile(path)).equals(bytes);
}
