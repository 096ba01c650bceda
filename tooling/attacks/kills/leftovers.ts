import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** Staged files of a time before the host that runs now: it should have swept them. */
export function findStaged(dataFolder: string, sinceMs: number): string[] {
  return listFiles(dataFolder)
    .filter((path) => path.endsWith('.tmp'))
    .filter((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? sinceMs) < sinceMs)
    .map((path) => `${relative(dataFolder, path)} was left behind`);
}

/** What lies in the folder of a studio that was closed in peace, and nothing names. `needed`: everything that jobs say, as text. */
export function findLeftovers(dataFolder: string, needed: string): string[] {
  const files = listFiles(dataFolder);
  const named = [needed, ...files.filter((path) => isBelow(dataFolder, path, 'items')).map((path) => readFileSync(path, 'utf8'))];
  const said = named.join('\n');
  return files.flatMap((path) => {
    const shown = relative(dataFolder, path);
    if (/\.tmp$|\.damaged-|^running$|^removing\.json$/.test(shown)) return [`${shown} was left behind`];
    const isOfAnItem = ['images', 'readings', 'thumbnails', 'shown'].some((folder) => isBelow(dataFolder, path, folder));
    const sha256 = /[0-9a-f]{64}/.exec(basename(path))?.[0];
    return isOfAnItem && sha256 !== undefined && !said.includes(sha256) ? [`${shown} belongs to nothing`] : [];
  });
}

function isBelow(dataFolder: string, path: string, folder: string): boolean {
  return !relative(join(dataFolder, folder), path).startsWith('..');
}
