import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { StudioError } from '../../../contract/errors.ts';

const libraryName = 'node-llama-cpp';

/** Where the program's own packages are looked for: beside this file and above. */
const ownFolder = dirname(fileURLToPath(import.meta.url));

/**
 * The entry of node-llama-cpp, which runs models in one file: no part of the studio, but found where the artist installed it, in the data folder
 * or beside the program.
 *
 * @returns the address of the file
 * @throws StudioError `not-found` where it is not installed
 */
export async function findLlama(dataFolder: string): Promise<string> {
  for (const folder of [dataFolder, ownFolder]) {
    for (const place of listFoldersUp(folder)) {
      const entry = join(place, 'node_modules', libraryName, 'dist', 'index.js');
      if ((await stat(entry).catch(() => null))?.isFile() === true) return pathToFileURL(entry).href;
    }
  }
  throw new StudioError(
    'not-found',
    `Models in one file need ${libraryName}, which is not installed.`,
    `Install it with: npm install --prefix "${dataFolder}" ${libraryName}@3`,
    { library: libraryName, folder: dataFolder },
  );
}

/** The folder and those it lies in, as Node.js looks for packages. */
function listFoldersUp(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...listFoldersUp(parent)];
}
