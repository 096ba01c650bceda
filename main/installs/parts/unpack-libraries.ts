import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { StudioError } from '../../../contract/errors.ts';
import type { PartOfList } from './read-parts-list.ts';

// Layout of zip files: APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 and 4.3.16. Numbers are little-endian.
const endMark = 0x06054b50;
const endBytes = 22;
const mostCommentBytes = 65_535;
const entryMark = 0x02014b50;
const entryBytes = 46;
const localMark = 0x04034b50;
const localBytes = 30;
/** Methods of packing. */
const stored = 0;
const deflated = 8;

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where its own header begins. */
  readonly at: number;
}

/**
 * Takes the libraries of a part out of its zip file, each by its own name. The file's sum has been checked before.
 *
 * @param zip its path
 * @param folder must be there
 * @throws StudioError `download-damaged` where a library is not in it or is of another size; the signal's reason; errors of the file system
 */
export async function unpackLibraries(zip: string, { files }: PartOfList, folder: string, signal: AbortSignal): Promise<void> {
  const source = await open(zip, 'r');
  try {
    const entries = new Map((await listEntries(source, zip)).map((entry) => [entry.path, entry]));
    for (const { path, bytes } of files) {
      const entry = entries.get(path);
      if (entry?.bytes !== bytes) throw notInside(zip, path);
      await unpackEntry(source, entry, join(folder, basename(path)), zip, signal);
    }
  } finally {
    await source.close();
  }
}

function notInside(zip: string, path: string): StudioError {
  const hint = 'Nothing of it is used. Tell whoever made this version of the studio.';
  return new StudioError('download-damaged', `${basename(zip)} does not hold ${path} as it should.`, hint, { path });
}

async function readAt(source: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await source.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

async function listEntries(source: FileHandle, zip: string): Promise<readonly Entry[]> {
  const { size } = await source.stat();
  const tailAt = Math.max(0, size - endBytes - mostCommentBytes);
  const tail = await readAt(source, tailAt, size - tailAt);
  let end = tail.length - endBytes;
  while (end >= 0 && tail.readUInt32LE(end) !== endMark) end -= 1;
  if (end < 0) throw notInside(zip, 'a list of its files');
  const list = await readAt(source, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: Entry[] = [];
  for (let at = 0; at + entryBytes <= list.length && list.readUInt32LE(at) === entryMark;) {
    const pathBytes = list.readUInt16LE(at + 28);
    entries.push({
      path: list.toString('utf8', at + entryBytes, at + entryBytes + pathBytes),
      method: list.readUInt16LE(at + 10),
      packedBytes: list.readUInt32LE(at + 20),
      bytes: list.readUInt32LE(at + 24),
      at: list.readUInt32LE(at + 42),
    });
    at += entryBytes + pathBytes + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  }
  return entries;
}

async function unpackEntry(source: FileHandle, entry: Entry, target: string, zip: string, signal: AbortSignal): Promise<void> {
  const header = await readAt(source, entry.at, localBytes);
  const isKnown = entry.method === stored || entry.method === deflated;
  if (header.length < localBytes || header.readUInt32LE(0) !== localMark || !isKnown) throw notInside(zip, entry.path);
  const start = entry.at + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = source.createReadStream({
    ...{ start, end: start + entry.packedBytes - 1, highWaterMark: 1 << 20, autoClose: false },
  });
  const written = await open(target, 'wx', 0o755);
  const write = async (pieces: AsyncIterable<Buffer>): Promise<void> => {
    let bytes = 0;
    for await (const piece of pieces) {
      bytes += piece.byteLength;
      if (bytes > entry.bytes) break;
      await written.appendFile(piece);
    }
    if (bytes !== entry.bytes) throw notInside(zip, entry.path);
  };
  try {
    if (entry.method === stored) await pipeline(packed, write, { signal });
    else await pipeline(packed, createInflateRaw(), write, { signal });
    await written.sync();
  } catch (error) {
    signal.throwIfAborted();
    const isGarbled = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
    throw isGarbled ? notInside(zip, entry.path) : error;
  } finally {
    await written.close();
  }
}
