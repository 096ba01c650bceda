import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { refuseArchive } from './archive.ts';
import type { Archive, ArchiveFile } from './archive.ts';
import { readExactly } from './open-archive.ts';

const fileMark = 0x04034b50;
const headBytes = 30;
const pieceBytes = 1 << 20;

/**
 * Writes one file of an archive below a folder, a piece at a time. Of what it unpacks to, no byte more is written than the list of the archive
 * said, and sum and length are checked.
 *
 * @param folder a folder of the studio's own, where nothing of that name is
 * @throws StudioError `pack-invalid`; errors of the disk that is written to; the signal's reason
 */
export async function unpackFile(archive: Archive, file: ArchiveFile, folder: string, signal: AbortSignal): Promise<void> {
  const target = join(folder, file.path);
  await mkdir(dirname(target), { recursive: true });
  const written = await open(target, 'wx');
  try {
    for await (const piece of unpack(archive, file, signal)) await written.writeFile(piece);
    await written.sync();
  } finally {
    await written.close();
  }
}

/** One file of an archive as bytes in memory; for small ones. @throws StudioError `pack-invalid`; the signal's reason */
export async function unpackBytes(archive: Archive, file: ArchiveFile, signal: AbortSignal): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of unpack(archive, file, signal)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* unpack(archive: Archive, file: ArchiveFile, signal: AbortSignal): AsyncGenerator<Buffer, void, void> {
  const { path } = archive;
  const damaged = (what: string): Error => refuseArchive(path, `${file.path} in it ${what}`, { file: file.path });
  const start = await findStart(archive, file);
  let [bytes, sum] = [0, 0];
  for await (const piece of inflate(readPacked(archive, file, start, signal), file.isDeflated, damaged)) {
    signal.throwIfAborted();
    bytes += piece.byteLength;
    if (bytes > file.bytes) throw damaged('is larger than it says.');
    sum = crc32(piece, sum);
    yield piece;
  }
  if (bytes !== file.bytes || sum !== file.crc32) throw damaged('is damaged.');
}

/** Where its bytes begin. Its own header must say the same of it as the list does: programs differ on which of the two they believe. */
async function findStart(
  { handle, path, listOffset }: Archive,
  { offset, name, packedBytes, isDeflated }: ArchiveFile,
): Promise<number> {
  const head = await readExactly(handle, path, offset, headBytes + name.length);
  const isSame =
    head.readUInt32LE(0) === fileMark &&
    head.readUInt16LE(8) === (isDeflated ? 8 : 0) &&
    head.readUInt16LE(26) === name.length &&
    head.subarray(headBytes).equals(name);
  const start = offset + headBytes + name.length + head.readUInt16LE(28);
  if (!isSame || start + packedBytes > listOffset)
    throw refuseArchive(path, 'it says two things of one file.', { file: name.toString('utf8').slice(0, 200) });
  return start;
}

async function* readPacked(
  { handle, path }: Archive,
  { packedBytes }: ArchiveFile,
  start: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, void> {
  for (let done = 0; done < packedBytes; done += pieceBytes) {
    signal.throwIfAborted();
    yield await readExactly(handle, path, start + done, Math.min(pieceBytes, packedBytes - done));
  }
}

async function* inflate(
  packed: AsyncIterable<Buffer>,
  isDeflated: boolean,
  damaged: (what: string) => Error,
): AsyncGenerator<Buffer, void, void> {
  if (!isDeflated) {
    yield* packed;
    return;
  }
  const inflated = createInflateRaw({ chunkSize: pieceBytes });
  // Whatever ends either end ends the other; it is told below.
  pipeline(Readable.from(packed), inflated, () => undefined);
  const pieces: AsyncIterable<Buffer> = inflated;
  try {
    yield* pieces;
  } catch (cause) {
    throw cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_') ? damaged('is damaged.') : cause;
  }
}
