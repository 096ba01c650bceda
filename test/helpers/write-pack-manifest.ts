import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { PackManifest } from '../../contract/models/pack.ts';

/** Makes a pack of the files that lie in a folder, with a licence. */
export function writePackManifest(
  folder: string,
  { id, name, summary, roles }: Pick<PackManifest, 'id' | 'name' | 'summary' | 'roles'>,
): void {
  writeFileSync(join(folder, 'LICENSE'), 'Anybody may use it.');
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const files = paths.map((path) => {
    const bytes = readFileSync(join(folder, path));
    return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  const manifest = {
    ...{ schemaVersion: 1, id, name, version: '1', summary, roles },
    licence: { spdx: 'CC0-1.0', file: 'LICENSE', notice: '' },
    source: { repository: 'none', revision: '1', command: 'none', seed: 0 },
    minimumMemoryMb: 1,
    files,
  };
  writeFileSync(join(folder, 'pack.json'), JSON.stringify(manifest));
}
