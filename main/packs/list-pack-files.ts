import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packLimits } from '../../contract/models/pack-limits.ts';
import { MANIFEST_FILE } from './read-manifest.ts';

export interface FoundFiles {
  /** Paths in the pack of regular files. */
  readonly regular: ReadonlySet<string>;
  /** Paths in the pack of links, pipes, sockets and devices; what lies behind a link is not part of the pack. */
  readonly irregular: ReadonlySet<string>;
}

/** What file managers leave in every folder they show; nothing of the studio reads these names. */
const LEFT_BY_OTHERS = /^(\..*|__MACOSX|Thumbs\.db|desktop\.ini|Icon\r)$/i;

/** Everything that lies in a pack's folder but pack.json, without following a link. At most twice what a pack may have. */
export async function listPackFiles(folder: string): Promise<FoundFiles> {
  const regular = new Set<string>();
  const irregular = new Set<string>();
  const waiting = [''];
  for (let inner = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    // A folder that is gone or cannot be read holds nothing: the files that should be there are missing.
    for (const entry of await readdir(join(folder, inner), { withFileTypes: true }).catch(() => [])) {
      const path = `${inner}${entry.name}`;
      if (LEFT_BY_OTHERS.test(entry.name) || path === MANIFEST_FILE) continue;
      if (entry.isDirectory()) waiting.push(`${path}/`);
      else (entry.isFile() ? regular : irregular).add(path);
    }
    if (regular.size + irregular.size > 2 * packLimits.files) break;
  }
  return { regular, irregular };
}
