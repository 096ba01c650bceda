import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AddedFile } from '../../../../contract/desktop.ts';
import { errorBodySchema, StudioError } from '../../../../contract/errors.ts';
import type { ErrorBody } from '../../../../contract/errors.ts';
import { libraryItemSchema } from '../../../../contract/library.ts';
import { listPictures } from '../../../files/list-pictures.ts';
import { resolveName } from '../../../files/resolve-name.ts';
import { streamPictureFile } from '../../../image/stream-picture-file.ts';
import { studioOrigin } from '../answer-scheme.ts';

const mostFiles = 10_000;

export type AskCore = (request: Request) => Promise<Response>;

function unreadable(error: unknown): ErrorBody {
  if (error instanceof StudioError) return error.toBody();
  const system = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const hint =
    system === 'EACCES' || system === 'EPERM' ? 'Give your account the right to read it.' : 'It may have been moved or removed.';
  return new StudioError('file-unreadable', 'The file could not be read.', hint, { system }).toBody();
}

async function addFile(path: string, askCore: AskCore): Promise<AddedFile> {
  const name = basename(path);
  try {
    const headers = { 'content-type': 'application/octet-stream', 'x-title': encodeURIComponent(name) };
    // Node asks for `duplex` where the body is a stream; the DOM's types do not know it.
    const sent = { method: 'POST', headers, body: await streamPictureFile(path), duplex: 'half' };
    const response = await askCore(new Request(`${studioOrigin}/images`, sent));
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
      const files = (await stat(await resolveName(path))).isDirectory()
        ? (await listPictures(path, { deep: true })).paths
        : [path];
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
