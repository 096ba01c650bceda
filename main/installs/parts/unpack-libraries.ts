import { basename } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import { openArchive } from '../archive/open-archive.ts';
import { unpackFile } from '../archive/unpack-file.ts';
import type { PartOfList } from './read-parts-list.ts';

/**
 * Takes the libraries of a part out of its zip file, each by its own name. The file's sum has been checked before.
 *
 * @param zip its path
 * @param folder must be there
 * @throws StudioError `download-damaged` where a library is not in it or is of another size, and where it is no archive that is unpacked
 *   here; the signal's reason; errors of the file system
 */
export async function unpackLibraries(zip: string, { files }: PartOfList, folder: string, signal: AbortSignal): Promise<void> {
  try {
    const archive = await openArchive(zip);
    try {
      // By the names that the package has for them: the folder that all of it lies in is a part of those.
      const byPath = new Map(archive.files.map((file) => [file.name.toString('utf8'), file]));
      for (const { path, bytes } of files) {
        const file = byPath.get(path);
        if (file?.bytes !== bytes) throw notInside(zip, path);
        await unpackFile(archive, { ...file, path: basename(path) }, folder, signal);
      }
    } finally {
      await archive.handle.close();
    }
  } catch (error) {
    if (!(error instanceof StudioError) || error.code !== 'pack-invalid') throw error;
    throw new StudioError('download-damaged', error.message, hint, error.details, error);
  }
}

const hint = 'Nothing of it is used. Tell whoever made this version of the studio.';

function notInside(zip: string, path: string): StudioError {
  return new StudioError('download-damaged', `${basename(zip)} does not hold ${path} as it should.`, hint, { path });
}
