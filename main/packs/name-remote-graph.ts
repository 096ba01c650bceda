import { dirname, relative, sep } from 'node:path';
import type { PackManifest } from '../../contract/models/pack.ts';
import { StudioError } from '../../contract/errors.ts';
import { readManifest } from './read-manifest.ts';

/**
 * What servers call a graph of a pack: pack, version and place, so that a server never answers with another version's weights. Two
 * underscores stand between the parts, which no name of a pack has.
 *
 * @param file the graph's path in the pack, with forward slashes
 */
export function composeRemoteName({ id, version }: Pick<PackManifest, 'id' | 'version'>, file: string): string {
  const parts = [id, version, ...file.replace(/\.onnx$/, '').split('/')];
  return parts.map((part) => part.replaceAll(/[^A-Za-z0-9_-]/g, '-')).join('__');
}

/**
 * The same for a graph by where it lies.
 * @throws StudioError `pack-invalid` where no folder above it is a pack; as readManifest does
 */
export async function nameRemoteGraph(path: string): Promise<string> {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const found = await readManifest(folder);
    if (found !== null) return composeRemoteName(found.manifest, relative(folder, path).split(sep).join('/'));
  }
  throw new StudioError(
    'pack-invalid',
    `${path} is in no model, so servers have no name for it.`,
    'Choose a model, or a device of this machine.',
    { path },
  );
}
