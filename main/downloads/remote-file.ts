import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { lstat, open } from 'node:fs/promises';

/** A file of a repository at one commit. */
export interface RemoteFile {
  /** Within the repository, and within the folder it is fetched into; it leads out of neither. */
  readonly path: string;
  readonly bytes: number;
  /** What its bytes must add up to: the sha256 of a large file, git's own sum of a small one, the sha512 of an update. */
  readonly hash: FileHash;
}

export interface FileHash {
  readonly kind: 'sha256' | 'sha512' | 'git-sha1';
  /** Lower-case hexadecimal. */
  readonly hex: string;
}

/** A sum that is begun for a file of this size; git puts the size in front of the bytes. */
export function beginHash({ hash, bytes }: Pick<RemoteFile, 'hash' | 'bytes'>): Hash {
  return hash.kind === 'git-sha1' ? createHash('sha1').update(`blob ${bytes}\0`) : createHash(hash.kind);
}

/** Feeds the first `bytes` of a file into a sum. Throws the signal's reason, and errors of the file system. */
export async function addToHash(sum: Hash, path: string, bytes: number, signal: AbortSignal): Promise<void> {
  if (bytes === 0) return;
  const handle = await open(path, 'r');
  // Closes the handle; ends at the size, so that a file that grows meanwhile is not read for ever.
  const stream: AsyncIterable<Buffer> = handle.createReadStream({ highWaterMark: 1 << 20, start: 0, end: bytes - 1 });
  for await (const piece of stream) {
    signal.throwIfAborted();
    sum.update(piece);
  }
}

/** Whether what lies at a path is this file, to the last byte. Throws the signal's reason, and errors of the file system. */
export async function isThatFile(path: string, file: RemoteFile, signal: AbortSignal): Promise<boolean> {
  const facts = await lstat(path);
  if (!facts.isFile() || facts.size !== file.bytes) return false;
  const sum = beginHash(file);
  await addToHash(sum, path, file.bytes, signal);
  return sum.digest('hex') === file.hash.hex;
}
