import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * By which files are known to be the ones that were read before: names, sizes and times in one text. Files that are not
 * there have a stamp too; whoever reads them says so.
 */
export async function stampFiles(paths: readonly string[]): Promise<string> {
  const stamps = await Promise.all(paths.toSorted().map(async (path) => `${path} ${await stampFile(path)}`));
  return stamps.join('\n');
}

/** A folder, all that is in it and in the folders in it. A folder has a stamp too, which changes when something comes or goes. */
export async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return [folder, ...entries.map(({ parentPath, name }) => join(parentPath, name))];
}

/** A file that was put in place of another with its size and time still has another time of change. */
async function stampFile(path: string): Promise<string> {
  const facts = await stat(path).catch(() => null);
  return facts === null ? 'missing' : `${facts.size} ${facts.mtimeMs} ${facts.ctimeMs}`;
}
