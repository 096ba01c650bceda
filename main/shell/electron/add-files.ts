import { openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { AddedFile } from '../../../contract/desktop.ts';
import { errorBodySchema, StudioError } from '../../../contract/errors.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import { libraryItemSchema } from '../../../contract/library.ts';
import { studioOrigin } from './answer-scheme.ts';

/** Endings that a folder is searched for and that the dialog shows; a file named directly is tried whatever it is called. */
export const pictureExtensions = ['png', 'jpg', 'jpeg', 'webp', 'avif', 'gif', 'tif', 'tiff'];

const mostFiles = 10_000;

export type AskCore = (request: Request) => Promise<Response>;

/** Pictures in a folder and its folders, in the order of their names; hidden ones are left out. */
async function listPictures(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) paths.push(...(await listPictures(path)));
    else if (entry.isFile() && pictureExtensions.includes(extname(entry.name).slice(1).toLowerCase())) paths.push(path);
  }
  return paths;
}

function unreadable(error: unknown): ErrorBody {
  const system = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const hint =
    system === 'EACCES' || system === 'EPERM' ? 'Give your account the right to read it.' : 'It may have been moved or removed.';
  return new StudioError('file-unreadable', 'The file could not be read.', hint, { system }).toBody();
}

async function addFile(path: string, askCore: AskCore): Promise<AddedFile> {
  const name = basename(path);
  try {
    const headers = { 'content-type': 'application/octet-stream', 'x-title': encodeURIComponent(name) };
    const body = await openAsBlob(path);
    const response = await askCore(new Request(`${studioOrigin}/images`, { method: 'POST', headers, body }));
    const answer: unknown = await response.json();
    if (response.ok) return { name, item: libraryItemSchema.parse(answer), error: null };
    return { name, item: null, error: errorBodySchema.parse(answer) };
  } catch (error) {
    return { name, item: null, error: unreadable(error) };
  }
}

/** Adds files to the library from where they lie, one after the other so that a thousand of them do not fill the memory. A bad file does not stop the others. */
export async function addFiles(paths: readonly string[], askCore: AskCore): Promise<AddedFile[]> {
  const added: AddedFile[] = [];
  for (const path of paths) {
    try {
      const files = (await stat(path)).isDirectory() ? await listPictures(path) : [path];
      for (const file of files) {
        if (added.length >= mostFiles) return added;
        added.push(await addFile(file, askCore));
      }
    } catch (error) {
      added.push({ name: basename(path), item: null, error: unreadable(error) });
    }
  }
  return added;
}
