import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { renamePatiently } from '../files/rename-patiently.ts';
import { isThatFile } from './remote-file.ts';
import type { RemoteFile } from './remote-file.ts';

/** Finds what is on this machine already: paths where a file may lie, none of them trusted. */
export type FindCopies = (file: RemoteFile) => readonly string[];

/** Folder of a repository's files in the cache that programs of the hub share, as its own programs name it. */
const folderOf = (repository: string): string => `models--${repository.replaceAll('/', '--')}`;

/**
 * Where the shared cache may have a file: by its sum, or, where a system has no links, by its name under the commit.
 * The layout is that of huggingface_hub (docs/hub/local-cache.md).
 */
export function copiesInCache(cacheFolder: string, repository: string, commit: string): FindCopies {
  const folder = join(cacheFolder, folderOf(repository));
  return ({ hash, path }) => [join(folder, 'blobs', hash.hex), join(folder, 'snapshots', commit, ...path.split('/'))];
}

/**
 * Takes a file over from one of the places where it may lie, linked where the disk can, else copied. Links within the cache are
 * followed, out of it they are not; every byte is checked before the file gets its name.
 *
 * @param within the folder that a place, links resolved, must lie in; null: no links at all
 * @returns false where no place has that very file; errors of the disk that is written to pass through
 */
export async function takeOver(
  file: RemoteFile,
  target: string,
  places: readonly string[],
  within: string | null,
  signal: AbortSignal,
): Promise<boolean> {
  for (const place of places) {
    signal.throwIfAborted();
    const source = await resolveInside(place, within);
    if (source === null || (await lstat(source)).size !== file.bytes) continue;
    await mkdir(dirname(target), { recursive: true });
    const taken = `${target}.taken`;
    await rm(taken, { force: true });
    // What cannot be linked, because it lies on another disk or that disk has no links, is copied.
    await link(source, taken).catch(() => copyFile(source, taken, constants.COPYFILE_FICLONE));
    // What was linked is what is checked: nobody can put another file in its place meanwhile.
    if (await isThatFile(taken, file, signal)) {
      await renamePatiently(taken, target);
      return true;
    }
    await rm(taken, { force: true });
  }
  return false;
}

/** The file behind a path, if it is a regular one and its links lead nowhere else; null also for what is not there. */
async function resolveInside(path: string, within: string | null): Promise<string | null> {
  try {
    if (within === null) return (await lstat(path)).isFile() ? path : null;
    const [real, root] = await Promise.all([realpath(path), realpath(within)]);
    return real.startsWith(`${root}${sep}`) && (await lstat(real)).isFile() ? real : null;
  } catch {
    // Not there, or not to be read: then it is fetched.
    return null;
  }
}
