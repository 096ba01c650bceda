import { readdir, stat } from 'node:fs/promises';

import { resolve, sep } from 'node:path';
import { StudioError } from '../../contract/errors.ts';

/** What a byte that is not UTF-8 becomes in a string. */
const REPLACED = '\uFFFD';

/**
 * The file that is meant by a path whose names are not UTF-8, as old archives and disks have them: as a string such a path names
 * nothing, so it is looked for among the bytes of the names that are there. Any other path is given back as it is.
 *
 * @throws StudioError file-unreadable where two names read the same
 */
export async function resolveName(path: string): Promise<string | Buffer> {
  if (!path.includes(REPLACED) || process.platform === 'win32' || (await exists(path))) return path;
  let found = Buffer.from('');
  for (const name of resolve(path).split(sep).slice(1)) {
    const names = name.includes(REPLACED) ? await listNames(Buffer.concat([found, Buffer.from(sep)])) : [Buffer.from(name)];
    const [meant, ...others] = names.filter((bytes) => bytes.toString('utf8') === name);
    // Nothing there reads so: whoever opens the path says that it is not there.
    if (meant === undefined) return path;
    if (others.length > 0) {
      const hint = 'Rename it, or convert the names of its folder to UTF-8 (with convmv, for one), and try again.';
      throw new StudioError('file-unreadable', `${name} is not named in UTF-8, and another file's name reads the same.`, hint);
    }
    found = Buffer.concat([found, Buffer.from(sep), meant]);
  }
  return found;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

async function listNames(folder: Buffer): Promise<Buffer[]> {
  return readdir(folder, { encoding: 'buffer' }).catch(() => []);
}
