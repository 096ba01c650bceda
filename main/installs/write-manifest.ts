import { lstat, readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { StudioError } from '../../contract/errors.ts';
import { packManifestRecord, packManifestSchema } from '../../contract/models/pack.ts';
import type { PackManifest } from '../../contract/models/pack.ts';
import { writeRecord } from '../../contract/record.ts';
import { writeFileDurably } from '../storage/write-file-durably.ts';
import { readPackText } from '../storage/read-pack-text.ts';
import { listGraphFiles } from '../tensor/measure-graph.ts';
import { hashFile } from '../packs/hash-file.ts';
import { MANIFEST_FILE } from '../packs/read-manifest.ts';
import type { PackShape } from './choose-files.ts';
import { describeRoles } from './describe-roles.ts';

/** What is known of a pack besides its files. */
export interface PackFacts {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  /** Null where nobody says: then the card of the folder is asked. */
  readonly licence: string | null;
  readonly source: PackManifest['source'];
  /** Sums of files that were checked on their way, by path. */
  readonly knownSums: ReadonlyMap<string, string>;
}

export interface WrittenManifest {
  readonly manifest: PackManifest;
  /** A sentence for each thing that could not be known. */
  readonly notes: readonly string[];
}

/** Megabytes of memory for so many bytes of weights: themselves, and what running them takes beside. */
export const memoryOf = (bytes: number): number => Math.ceil((bytes * 1.25) / 1_000_000) + 200;
const licenceName = /^(licen[cs]e|copying)(\.|$)/i;
/** Written where a folder brings neither a licence nor a card. */
const OWN_NOTE = 'LICENCE-NOTE.txt';

/**
 * The files of external data that graphs in a folder name, as paths within it.
 * @throws StudioError `pack-invalid` for one that leads out of the folder
 */
export async function listDataFiles(folder: string, graphs: readonly string[]): Promise<string[]> {
  const named = new Set<string>();
  for (const graph of graphs.filter((path) => path.endsWith('.onnx'))) {
    for (const path of await listGraphFiles(join(folder, graph))) {
      const inside = relative(folder, path).split(sep).join('/');
      if (inside.startsWith('../') || inside === '..' || /^([a-z]:|\/)/i.test(inside)) {
        const hint = 'Do not use it: no graph has a reason to look elsewhere.';
        throw new StudioError('pack-invalid', `${graph} wants to read a file outside of its folder.`, hint, { path: graph });
      }
      if (!graphs.includes(inside)) named.add(inside);
    }
  }
  return [...named];
}

/** The licence that a model card names in its head; null where it names none. */
async function licenceOfCard(folder: string): Promise<string | null> {
  const card = await readPackText(join(folder, 'README.md'));
  const head = /^---\r?\n([\s\S]{0,20000}?)\r?\n---/.exec(card ?? '')?.[1] ?? '';
  return /^license:\s*["']?([\w.+-]{1,100})["']?\s*$/m.exec(head)?.[1] ?? null;
}

/** The file that tells the licence; one is written where none does, because a pack has one. */
async function findLicenceFile(folder: string, texts: readonly string[], licence: string | null): Promise<string> {
  const found = texts.find((path) => licenceName.test(path)) ?? texts.find((path) => path === 'README.md');
  if (found !== undefined) return found;
  const known =
    licence === null ? 'Nothing in it says under which licence it may be used.' : `Its licence is said to be ${licence}.`;
  await writeFileDurably(
    join(folder, OWN_NOTE),
    Buffer.from(`These files were brought without the text of a licence.\n${known}\n`),
  );
  return OWN_NOTE;
}

/** Removes what is not part of a pack from a folder that is the studio's own; notes of broken-off downloads, for one. */
async function removeOthers(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const inside = relative(folder, path).split(sep).join('/');
    if (!entry.isDirectory() && !kept.has(inside)) await rm(path, { force: true });
  }
}

/**
 * Makes a pack of a folder that is the studio's own: finds out what it can do, sums its files, and writes pack.json, the last thing to be
 * there. What is no part of it is removed.
 *
 * @throws StudioError as `describeRoles` and `listDataFiles` do; `pack-file-missing` for data that a graph names and nobody brought
 */
export async function writeManifest(
  folder: string,
  shape: PackShape,
  facts: PackFacts,
  signal: AbortSignal,
): Promise<WrittenManifest> {
  const data = await listDataFiles(folder, shape.graphs);
  for (const path of data) {
    if ((await lstat(join(folder, path)).catch(() => null))?.isFile() === true) continue;
    const hint = 'Get the folder again, whole: large graphs keep their weights in files beside them.';
    throw new StudioError('pack-file-missing', `A graph of it keeps its weights in ${path}, which is not there.`, hint, { path });
  }
  const { roles, notes } = await describeRoles(folder, shape, `${facts.id} ${facts.name}`);
  const licence = facts.licence ?? (await licenceOfCard(folder));
  const licenceFile = await findLicenceFile(folder, shape.texts, licence);
  const paths = [...new Set([...shape.texts, ...shape.graphs, ...data, licenceFile])].sort();
  const files: PackManifest['files'] = [];
  for (const path of paths) {
    const { size: bytes } = await lstat(join(folder, path));
    const sha256 = facts.knownSums.get(path) ?? (await hashFile(join(folder, path), bytes, signal));
    files.push({ path, bytes, sha256 });
  }
  const heavy = new Set([...shape.graphs, ...data]);
  const heavyBytes = files.filter(({ path }) => heavy.has(path)).reduce((sum, { bytes }) => sum + bytes, 0);
  const manifest = packManifestSchema.parse({
    schemaVersion: 1,
    id: facts.id,
    name: facts.name,
    version: facts.source.revision.slice(0, 8) || '1',
    summary: facts.summary,
    licence: { spdx: licence ?? 'unknown', file: licenceFile, notice: '' },
    source: facts.source,
    roles,
    minimumMemoryMb: memoryOf(heavyBytes),
    files,
  });
  await removeOthers(folder, new Set([...paths, MANIFEST_FILE]));
  const json = JSON.stringify(writeRecord(packManifestRecord, manifest), null, 2);
  await writeFileDurably(join(folder, MANIFEST_FILE), Buffer.from(`${json}\n`));
  const unknown =
    licence === null ? ['Nothing in it says under which licence it may be used: find out before you publish what it draws.'] : [];
  return { manifest, notes: [...unknown, ...notes] };
}
