import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { renamePatiently } from '../files/rename-patiently.ts';
import { checkFiles } from '../packs/check-files.ts';
import type { PackPlaces } from '../packs/pack-places.ts';
import type { PackRegistry, ResolvedPack } from '../packs/pack-registry.ts';
import { MANIFEST_FILE } from '../packs/read-manifest.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { bringFile } from './bring-file.ts';

export interface KeptPacks {
  readonly packs: PackRegistry;
  readonly places: PackPlaces;
  readonly packsFolder: string;
}

async function requireOwn({ packs }: KeptPacks, packId: string): Promise<ResolvedPack> {
  const pack = await packs.resolvePack(packId);
  if (!pack.embedded) return pack;
  const hint = 'It is part of the program and takes little room.';
  throw new StudioError('bad-request', `${packId} came with the studio and stays where it is.`, hint, { packId });
}

/**
 * Deletes a pack's files.
 * @throws StudioError pack-not-found, pack-invalid, file-unwritable; bad-request for a pack that came with the studio
 */
export async function removePack(kept: KeptPacks, packId: string): Promise<void> {
  const pack = await requireOwn(kept, packId);
  await removeFolder(pack.folder);
  await kept.places.change(pack.folder, null);
}

/** Without its name it is no pack any more, however long the rest takes. */
async function removeFolder(folder: string): Promise<void> {
  try {
    const aside = join(dirname(folder), `.removed-${process.pid}`);
    await rm(aside, { recursive: true, force: true });
    await renamePatiently(folder, aside);
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    throw toStorageError(error, folder);
  }
}

/**
 * Takes a pack to `<folder>/<its id>`; the packs folder itself takes it back. Every file is checked there before the old ones go.
 * @throws StudioError as `removePack` does; bad-request where something is at that place; pack-file-altered
 */
export async function movePack(kept: KeptPacks, packId: string, folder: string, signal: AbortSignal): Promise<void> {
  const pack = await requireOwn(kept, packId);
  const target = resolve(folder, packId);
  if (!isAbsolute(folder))
    throw new StudioError('bad-request', 'A folder is named by its whole path.', 'Begin at the root of the disk.');
  if (target === pack.folder) return;
  if ((await readdir(target).catch(() => null)) !== null) {
    const hint = 'Choose another folder, or take away what is there.';
    throw new StudioError('bad-request', `There is something at ${target} already.`, hint, { path: target });
  }
  const coming = join(folder, `.coming-${packId}`);
  try {
    await rm(coming, { recursive: true, force: true });
    await mkdir(coming, { recursive: true });
    for (const path of [...pack.manifest.files.map((file) => file.path), MANIFEST_FILE])
      await bringFile(join(pack.folder, path), join(coming, path), signal);
    const { problems } = await checkFiles({ ...pack, folder: coming }, new Map(), { signal });
    const [first] = problems;
    if (first !== undefined) {
      const hint = 'It was left where it is; `packs verify` says more.';
      throw new StudioError('pack-file-altered', `The file ${first.path} of ${packId} is not as it was made.`, hint, {
        path: first.path,
      });
    }
    await renamePatiently(coming, target);
  } catch (error) {
    await rm(coming, { recursive: true, force: true });
    throw toStorageError(error, target);
  }
  await kept.places.change(pack.folder, resolve(folder) === resolve(kept.packsFolder) ? null : target);
  await removeFolder(pack.folder);
}
