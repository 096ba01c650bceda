import { refuseArchive } from './archive.ts';
import type { ArchiveFile } from './archive.ts';

/** One line of an archive's list. */
export interface ArchiveEntry extends Omit<ArchiveFile, 'path'> {
  /** The name as text. */
  readonly text: string;
  /** `other` is a link, a pipe or a device. */
  readonly kind: 'file' | 'folder' | 'other';
  readonly isEncrypted: boolean;
}

const entryMark = 0x02014b50;
const headBytes = 46;
/** Bits of an entry's flags: encrypted, encrypted otherwise, its header hidden. */
const encryptedFlags = 0x0001 | 0x0040 | 0x2000;
const stored = 0;
const deflated = 8;
const inLarge = 0xffffffff;
/** Of the extra field with numbers of more than 32 bits. */
const largeId = 0x0001;
/** The kind of a file in the upper half of Unix's mode. */
const kindMask = 0o170000;
const regular = 0o100000;
const directory = 0o040000;

/**
 * Reads the list of an archive's files (PKWARE APPNOTE 4.3.12).
 * @throws StudioError `pack-invalid` for a list that is damaged, and for files packed otherwise than by deflate
 */
export function readEntries(path: string, list: Buffer, count: number): ArchiveEntry[] {
  const entries: ArchiveEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + headBytes > list.length || list.readUInt32LE(at) !== entryMark) throw damaged(path);
    const nameEnd = at + headBytes + list.readUInt16LE(at + 28);
    const extraEnd = nameEnd + list.readUInt16LE(at + 30);
    const end = extraEnd + list.readUInt16LE(at + 32);
    if (end > list.length) throw damaged(path);
    entries.push(readEntry(path, list.subarray(at, end), nameEnd - at, extraEnd - at));
    at = end;
  }
  return entries;
}

function readEntry(path: string, entry: Buffer, nameEnd: number, extraEnd: number): ArchiveEntry {
  const name = Buffer.from(entry.subarray(headBytes, nameEnd));
  const text = toText(path, name);
  const method = entry.readUInt16LE(10);
  if (method !== stored && method !== deflated)
    throw refuseArchive(path, 'its files are packed in a way that is not known here.', { name: text.slice(0, 200), method });
  const [bytes, packedBytes, offset] = readLarge(path, entry.subarray(nameEnd, extraEnd), [
    entry.readUInt32LE(24),
    entry.readUInt32LE(20),
    entry.readUInt32LE(42),
  ]);
  if (method === stored && bytes !== packedBytes) throw damaged(path);
  const unixKind = (entry.readUInt32LE(38) >>> 16) & kindMask;
  const isFolder = text.endsWith('/') || unixKind === directory;
  if (isFolder && bytes > 0) throw damaged(path);
  return {
    ...{ name, text, bytes, packedBytes, offset },
    kind: isFolder ? 'folder' : unixKind === 0 || unixKind === regular ? 'file' : 'other',
    isDeflated: method === deflated,
    isEncrypted: (entry.readUInt16LE(8) & encryptedFlags) !== 0,
    crc32: entry.readUInt32LE(16),
  };
}

/** Names of other encodings are told apart by nothing that could be relied on. */
function toText(path: string, name: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(name);
  } catch {
    throw refuseArchive(path, 'a name in it is not written in UTF-8.');
  }
}

/** Numbers that do not fit stand in the extra field, in this order, and only those. */
function readLarge(
  path: string,
  extra: Buffer,
  numbers: readonly [number, number, number],
): readonly [bytes: number, packedBytes: number, offset: number] {
  let large: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === largeId) large = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  let read = 0;
  const whole = (number: number): number => {
    if (number !== inLarge) return number;
    if (read + 8 > large.length) throw damaged(path);
    const value = Number(large.readBigUInt64LE(read));
    read += 8;
    if (!Number.isSafeInteger(value)) throw damaged(path);
    return value;
  };
  return [whole(numbers[0]), whole(numbers[1]), whole(numbers[2])];
}

function damaged(path: string): Error {
  return refuseArchive(path, 'it is damaged: the list of its files cannot be read.');
}
