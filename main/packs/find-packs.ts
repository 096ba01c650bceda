import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { PackProblem, ResolvedPack } from './pack-registry.ts';
import { MANIFEST_FILE, readManifest } from './read-manifest.ts';

export interface FoundPacks {
  readonly packs: readonly ResolvedPack[];
  /** Folders with a pack.json that cannot be used; with the error that says why. */
  readonly problems: readonly (PackProblem & { readonly error: StudioError })[];
}

/** Parses every pack directly inside `folder`, in the order of their names. A folder that does not exist holds none. */
export async function findPacks(folder: string, embedded: boolean): Promise<FoundPacks> {
  const packs: ResolvedPack[] = [];
  const problems: (PackProblem & { readonly error: StudioError })[] = [];
  for (const name of await listFolders(folder)) {
    const packFolder = resolve(folder, name);
    if (!existsSync(join(packFolder, MANIFEST_FILE))) continue;
    try {
      packs.push({ folder: packFolder, embedded, ...(await readManifest(packFolder)) });
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      problems.push({ folder: packFolder, message: error.message, error });
    }
  }
  return { packs, problems };
}

async function listFolders(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    throw new StudioError(
      'file-unreadable',
      `The packs folder ${folder} cannot be read.`,
      'Check the rights of that folder.',
      { folder },
      cause,
    );
  }
}
