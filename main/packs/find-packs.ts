import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import type { PackProblem, ResolvedPack } from './pack-registry.ts';
import { readManifest } from './read-manifest.ts';
import type { ReadManifest } from './read-manifest.ts';

export interface FoundPacks {
  readonly packs: readonly ResolvedPack[];
  /** Folders with a pack.json that cannot be used; with the error that says why. */
  readonly problems: readonly (PackProblem & { readonly error: StudioError })[];
}

/** Manifests read side by side: one on a disk that does not answer holds up its neighbours only. */
const READ_AT_ONCE = 8;

/** Manifests that were parsed before, by the folder of their pack. */
export type KnownManifests = ReadonlyMap<string, ReadManifest>;

/** Parses every pack directly inside `folder`, in the order of their names. A folder that does not exist holds none. */
export async function findPacks(folder: string, embedded: boolean, known: KnownManifests): Promise<FoundPacks> {
  const names = await listFolders(folder);
  return readPacks(
    names.map((name) => resolve(folder, name)),
    embedded,
    known,
  );
}

/** Parses the packs in these very folders, in their order. A folder that is gone holds none. */
export async function readPacks(folders: readonly string[], embedded: boolean, known: KnownManifests): Promise<FoundPacks> {
  const packs: ResolvedPack[] = [];
  const problems: (PackProblem & { readonly error: StudioError })[] = [];
  for (let start = 0; start < folders.length; start += READ_AT_ONCE) {
    const some = folders.slice(start, start + READ_AT_ONCE).map((folder) => readPack(folder, embedded, known));
    for (const found of await Promise.all(some)) {
      if (found === null) continue;
      if ('error' in found) problems.push(found);
      else packs.push(found);
    }
  }
  return { packs, problems };
}

async function readPack(
  folder: string,
  embedded: boolean,
  known: KnownManifests,
): Promise<ResolvedPack | FoundPacks['problems'][number] | null> {
  try {
    const read = await readManifest(folder, known.get(folder));
    return read && { folder, embedded, ...read };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    return { folder, message: error.message, error };
  }
}

async function listFolders(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new StudioError(
      'file-unreadable',
      `The models folder ${folder} cannot be read.`,
      'Check the rights of that folder.',
      { folder },
      cause,
    );
  }
}
