import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { packManifestRecord } from '../../contract/models/pack.ts';
import { writeRecord } from '../../contract/record.ts';
import type { FetchReport } from '../downloads/fetch-files.ts';
import { checkFiles } from '../packs/check-files.ts';
import { listPackFiles } from '../packs/list-pack-files.ts';
import { MANIFEST_FILE, readManifest } from '../packs/read-manifest.ts';
import type { RunContext } from '../running/run-context.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';
import { bringFile } from './bring-file.ts';
import { chooseFiles } from './choose-files.ts';
import { describeConversion, readConversionRecord } from './conversion/conversion-record.ts';
import type { OfferedFile } from './choose-files.ts';
import type { FoundSource } from './find-source.ts';
import { listDataFiles, writeManifest } from './write-manifest.ts';
import type { WrittenManifest } from './write-manifest.ts';

type Brought = WrittenManifest & { readonly report: FetchReport };

/**
 * Makes a pack of a folder of this machine: one that is a pack already, checked file by file, or an export that becomes one. The folder
 * stays as it is.
 *
 * @param target an empty folder, or one with what an earlier try brought
 * @throws StudioError `file-unreadable`, `pack-invalid`, `pack-file-missing`, `pack-file-altered`
 */
export async function installFolder(
  { path, packId, name, summary, choice }: Omit<Extract<FoundSource, { type: 'folder' }>, 'type'>,
  target: string,
  context: RunContext,
): Promise<Brought> {
  const read = await readManifest(path);
  if (read !== null) return bringPack(path, target, { ...read.manifest, id: packId }, context);
  const offered = await listOffered(path);
  const shape = chooseFiles(offered, choice);
  const data = await listDataFiles(path, shape.graphs);
  await bringAll([...shape.texts, ...shape.graphs, ...data], path, target, context);
  // A folder that the recipe made says what it was made from.
  const conversion = shape.layout === 'diffusers' ? await readConversionRecord(path) : null;
  const said = conversion === null ? null : describeConversion(conversion);
  const facts = {
    id: packId,
    name: choice.name ?? conversion?.title ?? name,
    summary: said?.summary ?? summary,
    licence: choice.licence ?? conversion?.licence ?? null,
    source: said?.source ?? { repository: '', revision: '', command: 'dediffusion packs adopt', seed: 0 },
    knownSums: new Map<string, string>(),
  };
  const written = await writeManifest(target, shape, facts, context.signal);
  return { ...written, notes: [...(said?.notes ?? []), ...written.notes], report: reportOf(written.manifest) };
}

/** The regular files of a folder; links and other things are not looked at. */
export async function listOffered(folder: string): Promise<OfferedFile[]> {
  const { regular } = await listPackFiles(folder);
  return Promise.all([...regular].map(async (path) => ({ path, bytes: (await lstat(join(folder, path))).size })));
}

function reportOf({ files }: WrittenManifest['manifest']): FetchReport {
  return { fetchedBytes: 0, droppedBytes: 0, takenBytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

async function bringPack(
  path: string,
  target: string,
  manifest: WrittenManifest['manifest'],
  context: RunContext,
): Promise<Brought> {
  await bringAll(
    manifest.files.map((file) => file.path),
    path,
    target,
    context,
  );
  const json = JSON.stringify(writeRecord(packManifestRecord, manifest), null, 2);
  await writeFileDurably(join(target, MANIFEST_FILE), Buffer.from(`${json}\n`));
  const pack = { folder: target, manifest, manifestSha256: '', embedded: false };
  const { problems } = await checkFiles(pack, new Map(), { signal: context.signal });
  const [first] = problems;
  if (first !== undefined) {
    const hint = 'Get the model again from where it came from.';
    const details = { path: first.path, problem: first.problem, expected: first.expected, actual: first.actual };
    throw new StudioError('pack-file-altered', `The file ${first.path} is not what the model's list says.`, hint, details);
  }
  return { manifest, notes: [], report: reportOf(manifest) };
}

async function bringAll(
  paths: readonly string[],
  path: string,
  target: string,
  { signal, onProgress }: RunContext,
): Promise<void> {
  for (const [index, file] of paths.entries()) {
    await bringFile(join(path, file), join(target, file), signal);
    onProgress({ fraction: (index + 1) / paths.length, phase: 'saving', step: index + 1, steps: paths.length });
  }
}
