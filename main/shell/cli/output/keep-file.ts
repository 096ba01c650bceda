import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { stageWhole } from '../../../files/write-whole.ts';

/**
 * Writes a file whole or not at all, and never over another: when the name is taken by other bytes, `name-2`, `name-3` … are
 * tried. A file that holds these bytes already is left as it is.
 * @param extension with its dot
 * @returns the path that holds the bytes
 */
export async function keepFile(folder: string, name: string, extension: string, bytes: Uint8Array): Promise<string> {
  const staged = await stageWhole(join(folder, `.${name}`), bytes);
  try {
    for (let number = 1; ; number += 1) {
      const path = join(folder, `${name}${number === 1 ? '' : `-${number}`}${extension}`);
      if ((await staged.publishAs(path)) || (await holds(path, bytes))) return path;
    }
  } finally {
    await staged.discard();
  }
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const facts = await stat(path);
  return facts.isFile() && facts.size === bytes.byteLength && (await readFile(path)).equals(bytes);
}
