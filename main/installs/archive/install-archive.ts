import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { StudioError } from '../../../contract/errors.ts';
import { packLimits } from '../../../contract/models/pack-limits.ts';
import type { PackManifest } from '../../../contract/models/pack.ts';
import { requireRoom } from '../../downloads/fetch-files.ts';
import { MANIFEST_FILE, parseManifest } from '../../packs/read-manifest.ts';
import type { RunContext } from '../../running/run-context.ts';
import { WeightedProgress } from '../../running/weighted-progress.ts';
import { chooseWithData } from '../choose-files.ts';
import type { FoundSource } from '../find-source.ts';
import { installFolder } from '../install-folder.ts';
import { refuseArchive } from './archive.ts';
import type { Archive, ArchiveFile } from './archive.ts';
import { openArchive } from './open-archive.ts';
import { unpackBytes, unpackFile } from './unpack-file.ts';

type FoundArchive = Extract<FoundSource, { type: 'archive' }>;

/** What of an archive a model is made of. */
interface ChosenFiles {
  readonly files: readonly ArchiveFile[];
  /** Null for an export that is no model of the studio's yet. */
  readonly manifest: PackManifest | null;
}

/** In the folder that is put together; a name with a dot is no part of a model. */
const UNPACKED = '.unpacked';
const weights = { unpacking: 80, adopting: 20 };

/** What an archive holds of a model, by its list. @throws StudioError as `openArchive` and `chooseFiles` do */
export async function readArchive({ path, choice }: FoundArchive, signal: AbortSignal): Promise<ChosenFiles> {
  const archive = await openArchive(path);
  try {
    return await chooseFromArchive(archive, choice, signal);
  } finally {
    await archive.handle.close();
  }
}

/**
 * Makes a pack of a zip archive: what a model is made of is unpacked beside it, checked on its way, and adopted as any folder is. The archive stays as it
 * is. What stopped begins anew.
 *
 * @param target a folder of the studio's own, empty or with what an earlier try left
 * @throws StudioError as `openArchive`, `unpackFile`, `requireRoom` and `installFolder` do
 */
export async function installArchive(found: FoundArchive, target: string, context: RunContext): ReturnType<typeof installFolder> {
  const progress = new WeightedProgress(context, weights);
  const unpacked = join(target, UNPACKED);
  await rm(unpacked, { recursive: true, force: true });
  const archive = await openArchive(found.path);
  try {
    const { files } = await chooseFromArchive(archive, found.choice, context.signal);
    await requireRoom(
      target,
      files.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    await unpackAll(archive, files, unpacked, progress.part('unpacking'));
  } finally {
    await archive.handle.close();
  }
  const brought = await installFolder({ ...found, path: unpacked }, target, progress.part('adopting'));
  await rm(unpacked, { recursive: true, force: true });
  return brought;
}

async function unpackAll(
  archive: Archive,
  files: readonly ArchiveFile[],
  folder: string,
  { signal, onProgress }: RunContext,
): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const [index, file] of files.entries()) {
    await unpackFile(archive, file, folder, signal);
    done += file.bytes;
    onProgress({ fraction: done / Math.max(1, total), phase: 'saving', step: index + 1, steps: files.length });
  }
}

async function chooseFromArchive(archive: Archive, choice: FoundArchive['choice'], signal: AbortSignal): Promise<ChosenFiles> {
  const { files, path } = archive;
  const listed = files.find((file) => file.path === MANIFEST_FILE);
  if (listed === undefined) return { files: chooseWithData(files, choice), manifest: null };
  if (listed.bytes > packLimits.manifestBytes) throw refuseArchive(path, 'its pack.json is too large.', { bytes: listed.bytes });
  const { manifest } = parseManifest(await unpackBytes(archive, listed, signal), path);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const named = manifest.files.map((file) => byPath.get(file.path) ?? missing(path, file.path));
  return { files: [listed, ...named], manifest };
}

function missing(path: string, file: string): never {
  const hint = 'Get the archive again, whole, from where it came from.';
  throw new StudioError('pack-file-missing', `${basename(path)} lacks ${file}, which its pack.json names.`, hint, { path, file });
}
