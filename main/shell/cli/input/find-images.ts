import { glob, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { listPictures } from '../../../files/list-pictures.ts';
import type { ListedPictures } from '../../../files/list-pictures.ts';
import { resolveName } from '../../../files/resolve-name.ts';
import { imageError } from '../image-error.ts';
import type { ImageError } from '../image-error.ts';

export interface FoundImages {
  /** Paths as a person would write them, each file once, in the order asked for. */
  readonly paths: readonly string[];
  /** Folders and patterns without a picture. */
  readonly errors: readonly ImageError[];
}

const byName = new Intl.Collator('en', { numeric: true });

/**
 * Files, folders and patterns become files. A name that exists wins over its reading as a pattern; a file that does not exist
 * stays in the list, and opening it says so. Folders give the pictures directly in them; `folder/**` reaches deeper.
 */
export async function findImages(names: readonly string[]): Promise<FoundImages> {
  const paths = new Map<string, string>();
  const errors: ImageError[] = [];
  for (const name of names) {
    const { paths: found, foreign } = await expand(name);
    if (found.length === 0) errors.push(explainNothing(name, foreign));
    for (const path of found) if (!paths.has(resolve(path))) paths.set(resolve(path), path);
  }
  return { paths: [...paths.values()], errors };
}

function explainNothing(name: string, foreign: readonly string[]): ImageError {
  if (foreign.length > 0) {
    const message = `${name} holds no picture the studio opens, only ${foreign.join(', ')}.`;
    return imageError(name, { code: 'image-unsupported', message, hint: 'Save them as PNG or JPEG and try again.' });
  }
  const hint = 'Check the path. Patterns such as "pictures/*.png" and folders are accepted.';
  return imageError(name, { code: 'not-found', message: `${name} holds no picture.`, hint });
}

async function expand(name: string): Promise<ListedPictures> {
  const facts = await stat(await resolveName(name)).catch(() => null);
  if (facts?.isDirectory() === true) return await listPictures(name, { deep: false });
  if (facts !== null || !/[*?[\]{}]/.test(name)) return { paths: [name], foreign: [] };
  const matches = await match(name);
  // Brackets are far more often part of a name than a set of letters.
  const paths = matches.length > 0 ? matches : await match(name.replace(/[[\]]/g, (bracket) => `[${bracket}]`));
  return { paths, foreign: [] };
}

async function match(pattern: string): Promise<string[]> {
  const matches: string[] = [];
  for await (const entry of glob(pattern, { withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.name.startsWith('.') && (await stat(path).catch(() => null))?.isFile() === true)
      matches.push(shorten(path, pattern));
  }
  return matches.sort((a, b) => byName.compare(a, b));
}

/** Matches come with whole paths; a pattern that was written relative gives relative paths back. */
function shorten(path: string, pattern: string): string {
  const here = join(resolve('.'), '/');
  return resolve(pattern) === pattern || !path.startsWith(here) ? path : path.slice(here.length);
}
