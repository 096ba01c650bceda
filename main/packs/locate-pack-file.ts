import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { ResolvedPack } from './pack-registry.ts';

/**
 * A file of a pack that may be read and handed on: named in the manifest, regular, of the size it says, with no link on the way to it.
 * @throws StudioError pack-file-missing, pack-file-altered
 */
export async function locatePackFile(
  { folder, manifest }: Pick<ResolvedPack, 'folder' | 'manifest'>,
  file: string,
): Promise<{ readonly path: string; readonly bytes: number; readonly sha256: string }> {
  const listed = manifest.files.find(({ path }) => path === file);
  const names = file.split('/');
  let bytes = -1;
  for (const index of listed === undefined ? [] : names.keys()) {
    const facts = await lstat(join(folder, ...names.slice(0, index + 1))).catch(() => null);
    if (index < names.length - 1 ? !facts?.isDirectory() : !facts?.isFile()) break;
    if (index === names.length - 1) bytes = facts?.size ?? -1;
  }
  const hint = `Get the model again from where it came from; \`packs verify ${manifest.id}\` lists every file that is not right.`;
  const details = { packId: manifest.id, path: file };
  if (listed === undefined || bytes < 0) {
    throw new StudioError('pack-file-missing', `The file ${file} of the model ${manifest.id} is missing.`, hint, details);
  }
  if (bytes !== listed.bytes) {
    const message = `The file ${file} of the model ${manifest.id} is not the one the model was made with: it has ${bytes} bytes, not ${listed.bytes}.`;
    throw new StudioError('pack-file-altered', message, hint, { ...details, expected: listed.bytes, actual: bytes });
  }
  return { path: join(folder, file), bytes, sha256: listed.sha256 };
}
