import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dirent } from 'node:fs';
import { resolveName } from './resolve-name.ts';
import { foreignPictureFormat, isPictureName } from '../../contract/picture-formats.ts';

export interface ListedPictures {
  /** Paths below the folder as it was written, in counting order. */
  readonly paths: readonly string[];
  /** Formats of pictures that lie there and that the studio does not open, in capitals, each once. */
  readonly foreign: readonly string[];
}

const byName = new Intl.Collator('en', { numeric: true });

/**
 * The pictures of a folder, by the one rule for every shell: files and links to files whose ending is a picture's, hidden ones left out.
 * Links to folders are not followed, because they may lead in a circle.
 *
 * @throws the file system's own error when the folder cannot be read
 */
export async function listPictures(folder: string, { deep }: { readonly deep: boolean }): Promise<ListedPictures> {
  const paths: string[] = [];
  const foreign = new Set<string>();
  const entries = await readdir(await resolveName(folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => byName.compare(a.name, b.name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!deep || entry.name.startsWith('.')) continue;
      const inner = await listPictures(path, { deep });
      paths.push(...inner.paths);
      inner.foreign.forEach((format) => foreign.add(format));
    } else if (await isFile(entry, path)) {
      if (isPictureName(entry.name)) paths.push(path);
      const format = foreignPictureFormat(entry.name);
      if (format !== null) foreign.add(format);
    }
  }
  return { paths, foreign: [...foreign] };
}

/** A link that leads nowhere is no file; pipes and devices are none either. */
async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const facts = await stat(await resolveName(path)).catch(() => null);
  return facts?.isFile() === true;
}
