import { glob, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { imageError } from './image-error.ts';
import type { ImageError } from './image-error.ts';

export interface FoundImages {
  /** Paths as a person would write them, each file once, in the order asked for. */
  readonly paths: readonly string[];
  /** Folders and patterns without a picture. */
  readonly errors: readonly ImageError[];
}

/** What is taken out of a folder; a file that is named is taken whatever it is called. */
const PICTURE_NAME = /\.(?:png|jpe?g|webp|gif|tiff?|avif)$/i;
const byName = new Intl.Collator('en', { numeric: true });

/**
 * Files, folders and patterns become files. A name that exists wins over its reading as a pattern; a file that does not exist
 * stays in the list, and opening it says so. Folders give the pictures directly in them; `folder/**` reaches deeper.
 */
export async function findImages(names: readonly string[]): Promise<FoundImages> {
  const paths = new Map<string, string>();
  const errors: ImageError[] = [];
  for (const name of names) {
    const found = await expand(name);
    if (found.length === 0) {
      const hint = 'Check the path. Patterns such as "pictures/*.png" and folders are accepted.';
      errors.push(imageError(name, { code: 'not-found', message: `${name} holds no picture.`, hint }));
    }
    for (const path of found) if (!paths.has(resolve(path))) paths.set(resolve(path), path);
  }
  return { paths: [...paths.values()], errors };
}

async function expand(name: string): Promise<string[]> {
  const facts = await stat(name).catch(() => null);
  if (facts?.isDirectory() === true) {
    const entries = await readdir(name, { withFileTypes: true });
    const pictures = entries.filter((entry) => !entry.isDirectory() && PICTURE_NAME.test(entry.name));
    return pictures.map((entry) => join(name, entry.name)).sort((a, b) => byName.compare(a, b));
  }
  if (facts !== null || !/[*?[\]{}]/.test(name)) return [name];
  const matches: string[] = [];
  for await (const entry of glob(name, { withFileTypes: true })) {
    if (!entry.isDirectory()) matches.push(shorten(join(entry.parentPath, entry.name), name));
  }
  return matches.sort((a, b) => byName.compare(a, b));
}

/** Matches come with whole paths; a pattern that was written relative gives relative paths back. */
function shorten(path: string, pattern: string): string {
  const here = join(resolve('.'), '/');
  return resolve(pattern) === pattern || !path.startsWith(here) ? path : path.slice(here.length);
}
