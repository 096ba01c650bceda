import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackManifest, PackVerification } from '../../contract/pack.ts';
import { hashFile } from './hash-file.ts';
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
 * Compares a pack's files with its manifest. A file whose mark is in `trusted` is taken as right without being read;
 * every other file of the right size is hashed.
 */
export async function checkFiles(
  pack: ResolvedPack,
  trusted: ReadonlyMap<string, FileMark>,
  { signal, onProgress }: VerifyOptions = {},
): Promise<CheckedFiles> {
  const { files } = pack.manifest;
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
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
    const facts = await stat(path).catch(() => undefined);
    const mark = facts ? `${facts.size}:${facts.mtimeMs}` : undefined;
    if (mark !== undefined && trusted.get(file.path) === mark) {
      advance(file.bytes);
      marks.set(file.path, mark);
      continue;
    }
    const problem = facts?.isFile() ? await checkFile(path, file, facts.size, signal, advance) : missing(file);
    if (problem) problems.push(problem);
    else if (mark !== undefined) marks.set(file.path, mark);
  }
  return { problems, marks };
}

async function checkFile(
  path: string,
  file: PackFile,
  bytes: number,
  signal: AbortSignal | undefined,
  advance: (bytes: number) => void,
): Promise<FileProblem | null> {
  if (bytes !== file.bytes)
    return { path: file.path, problem: 'size', expected: `${file.bytes} bytes`, actual: `${bytes} bytes` };
  const actual = await hashFile(path, signal, advance);
  return actual === file.sha256 ? null : { path: file.path, problem: 'sha256', expected: file.sha256, actual };
}

function missing(file: PackFile): FileProblem {
  return { path: file.path, problem: 'missing', expected: file.sha256, actual: 'no file' };
}
