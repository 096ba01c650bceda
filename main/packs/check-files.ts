import { lstat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { PackManifest, PackVerification } from '../../contract/models/pack.ts';
import { listGraphFiles } from '../tensor/measure-graph.ts';
import { hashFile } from './hash-file.ts';
import { listPackFiles } from './list-pack-files.ts';
import type { FoundFiles } from './list-pack-files.ts';
import type { ResolvedPack, VerifyOptions } from './pack-registry.ts';

export type PackFile = PackManifest['files'][number];
export type FileProblem = PackVerification['problems'][number];

/** What a file had when its sha256 was last found right, as `<bytes>:<modified ms>`. */
export type FileMark = string;

export interface CheckedFiles {
  readonly problems: readonly FileProblem[];
  /** A mark for each file that is right, by its path in the pack. */
  readonly marks: ReadonlyMap<string, FileMark>;
}

/**
 * Compares what lies in a pack's folder with its manifest: exactly the files it names, regular ones, no links. A file whose mark is in
 * `trusted` is taken as right without being read; every other file of the right size is hashed, and what its graph keeps in other
 * files must be named too.
 */
export async function checkFiles(
  pack: ResolvedPack,
  trusted: ReadonlyMap<string, FileMark>,
  { signal, onProgress }: VerifyOptions = {},
): Promise<CheckedFiles> {
  const { files } = pack.manifest;
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const listed = new Set(files.map(({ path }) => path));
  const found = await listPackFiles(pack.folder);
  const problems: FileProblem[] = [];
  const marks = new Map<string, FileMark>();
  let doneBytes = 0;
  const advance = (bytes: number): void => {
    doneBytes += bytes;
    onProgress?.(Math.min(doneBytes, totalBytes), totalBytes);
  };
  for (const file of files) {
    signal?.throwIfAborted();
    const path = join(pack.folder, file.path);
    const facts = found.regular.has(file.path) ? await lstat(path).catch(() => undefined) : undefined;
    const mark = facts ? `${facts.size}:${facts.mtimeMs}` : undefined;
    if (mark !== undefined && trusted.get(file.path) === mark) {
      advance(file.bytes);
      marks.set(file.path, mark);
      continue;
    }
    const fileProblems = facts
      ? await checkFile(pack, file, facts.size, listed, signal, advance)
      : [isBehind(file.path, found) ? irregular(file.path) : missing(file)];
    problems.push(...fileProblems);
    if (fileProblems.length === 0 && mark !== undefined) marks.set(file.path, mark);
  }
  for (const path of found.irregular) if (!listed.has(path)) problems.push(irregular(path));
  for (const path of found.regular) if (!listed.has(path)) problems.push(unlisted(path));
  return { problems, marks };
}

async function checkFile(
  pack: ResolvedPack,
  file: PackFile,
  bytes: number,
  listed: ReadonlySet<string>,
  signal: AbortSignal | undefined,
  advance: (bytes: number) => void,
): Promise<FileProblem[]> {
  if (bytes !== file.bytes)
    return [{ path: file.path, problem: 'size', expected: `${file.bytes} bytes`, actual: `${bytes} bytes` }];
  const path = join(pack.folder, file.path);
  const actual = await hashFile(path, file.bytes, signal, advance);
  if (actual !== file.sha256) return [{ path: file.path, problem: 'sha256', expected: file.sha256, actual }];
  const held = isGraph(file.path, pack) ? await listGraphFiles(path) : [];
  const heldPaths = held.map((one) => relative(pack.folder, one).split(sep).join('/'));
  return heldPaths.filter((one) => !listed.has(one)).map(unlisted);
}

function isGraph(path: string, { manifest: { roles } }: ResolvedPack): boolean {
  const { encoder, scorer, features } = roles;
  const named = [
    encoder?.backbone.file,
    ...Object.values(encoder?.heads ?? {}).map(({ file }) => file),
    scorer?.vision,
    scorer?.text,
    features?.graph,
  ];
  return path.endsWith('.onnx') || named.includes(path);
}

/** A file or one of the folders on its way is a link or another thing. */
function isBehind(path: string, { irregular: found }: FoundFiles): boolean {
  const names = path.split('/');
  return names.some((_, index) => found.has(names.slice(0, index + 1).join('/')));
}

function missing(file: PackFile): FileProblem {
  return { path: file.path, problem: 'missing', expected: file.sha256, actual: 'no file' };
}

function irregular(path: string): FileProblem {
  return { path, problem: 'irregular', expected: 'a regular file in the model', actual: 'a link or something that is no file' };
}

function unlisted(path: string): FileProblem {
  return { path, problem: 'unlisted', expected: 'one that the manifest names', actual: 'a file' };
}
