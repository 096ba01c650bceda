import type { FileHandle } from 'node:fs/promises';
import { packFilePathSchema } from '../../../contract/models/pack-paths.ts';
import { openRegularFile } from '../../files/open-regular-file.ts';
import { archiveLimits, refuseArchive } from './archive.ts';
import type { Archive, ArchiveFile } from './archive.ts';
import { readEntries } from './read-entries.ts';
import type { ArchiveEntry } from './read-entries.ts';

/** The end of the list and the longest comment after it. */
const mostTailBytes = 22 + 65_535;
const endMark = 0x06054b50;
const largeEndMark = 0x06064b50;
const largePlaceMark = 0x07064b50;
/** What file managers add to every archive; nothing of a model has these names. */
const addedByOthers = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i;

interface ListPlace {
  readonly offset: number;
  readonly bytes: number;
  readonly entries: number;
}

/**
 * Opens a zip archive and reads the list of its files; nothing of it is unpacked. Refused are archives in parts, encrypted ones, files that
 * lie within one another, links, names that lead out of the folder or would be one file on some system, and whatever is larger than
 * `archiveLimits`. The one folder that an archive of a folder has is left out of the paths.
 *
 * @throws StudioError `file-unreadable`, `pack-invalid`
 */
export async function openArchive(path: string): Promise<Archive> {
  const { handle, bytes } = await openRegularFile(path, { maximumBytes: Number.MAX_SAFE_INTEGER });
  try {
    const list = await findList(path, handle, bytes);
    if (list.entries > archiveLimits.entries) throw refuseArchive(path, `it has ${list.entries} files.`, { files: list.entries });
    if (list.bytes > archiveLimits.listBytes) throw refuseArchive(path, 'the list of its files is too long.');
    const entries = readEntries(path, await readExactly(handle, path, list.offset, list.bytes), list.entries);
    const files = withoutFolder(entries.filter((entry) => isWanted(path, entry)));
    requireApart(path, entries, list.offset);
    requireBounds(path, entries);
    return { handle, files, listOffset: list.offset, path };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** @throws StudioError `pack-invalid` where the file ends before */
export async function readExactly(handle: FileHandle, path: string, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled, offset + filled);
    if (bytesRead === 0) throw refuseArchive(path, 'it is damaged, or only part of it came.');
    filled += bytesRead;
  }
  return buffer;
}

/** The list of files, which the end of the archive names. */
async function findList(path: string, handle: FileHandle, bytes: number): Promise<ListPlace> {
  const tailBytes = Math.min(bytes, mostTailBytes);
  const tail = await readExactly(handle, path, bytes - tailBytes, tailBytes);
  const end = findEnd(tail);
  if (end === -1) throw refuseArchive(path, 'it is no zip archive, or only part of it came.');
  const endOffset = bytes - tailBytes + end;
  const small = { entries: tail.readUInt16LE(end + 10), bytes: tail.readUInt32LE(end + 12), offset: tail.readUInt32LE(end + 16) };
  const isLarge = small.entries === 0xffff || small.bytes === 0xffffffff || small.offset === 0xffffffff;
  const { list, before } = isLarge
    ? await findLargeList(path, handle, endOffset)
    : { list: small, before: requireOnePart(path, tail, end, endOffset) };
  if (list.offset + list.bytes > before)
    throw refuseArchive(path, 'it is damaged: the list of its files is not where it should be.');
  return list;
}

/** From the back: the mark whose comment reaches to the end of the file. */
function findEnd(tail: Buffer): number {
  for (let at = tail.length - 22; at >= 0; at -= 1)
    if (tail.readUInt32LE(at) === endMark && at + 22 + tail.readUInt16LE(at + 20) === tail.length) return at;
  return -1;
}

function requireOnePart(path: string, tail: Buffer, end: number, endOffset: number): number {
  const isWhole =
    tail.readUInt16LE(end + 4) === 0 &&
    tail.readUInt16LE(end + 6) === 0 &&
    tail.readUInt16LE(end + 8) === tail.readUInt16LE(end + 10);
  if (!isWhole) throw refuseArchive(path, 'it is one part of several.');
  return endOffset;
}

/** Where the numbers need more than 32 bits. */
async function findLargeList(
  path: string,
  handle: FileHandle,
  endOffset: number,
): Promise<{ readonly list: ListPlace; readonly before: number }> {
  const damaged = refuseArchive(path, 'it is damaged: its end does not say where the list of its files is.');
  if (endOffset < 20 + 56) throw damaged;
  const place = await readExactly(handle, path, endOffset - 20, 20);
  const offset = Number(place.readBigUInt64LE(8));
  if (place.readUInt32LE(0) !== largePlaceMark || offset + 56 > endOffset - 20) throw damaged;
  const end = await readExactly(handle, path, offset, 56);
  if (end.readUInt32LE(0) !== largeEndMark) throw damaged;
  const isWhole = end.readUInt32LE(16) === 0 && end.readUInt32LE(20) === 0 && end.readBigUInt64LE(24) === end.readBigUInt64LE(32);
  if (!isWhole) throw refuseArchive(path, 'it is one part of several.');
  const list = {
    entries: Number(end.readBigUInt64LE(32)),
    bytes: Number(end.readBigUInt64LE(40)),
    offset: Number(end.readBigUInt64LE(48)),
  };
  return { list, before: offset };
}

/** A file of a model: no folder, and nothing that another program added. What could not be written safely is refused, wanted or not. */
function isWanted(path: string, { text, kind, isEncrypted }: ArchiveEntry): boolean {
  const name = text.slice(0, 200);
  if (!packFilePathSchema.safeParse(kind === 'folder' ? text.replace(/\/$/, '') : text).success)
    throw refuseArchive(path, 'a name in it leads out of its folder, or could not be written everywhere.', { name });
  if (kind === 'other') throw refuseArchive(path, 'it holds a link or something else that is no file.', { name });
  if (isEncrypted) throw refuseArchive(path, 'it is encrypted.', { name });
  return kind === 'file' && !addedByOthers.test(text);
}

/** An archive of a folder has that folder in front of every name. */
function withoutFolder(entries: readonly ArchiveEntry[]): ArchiveFile[] {
  const [folder] = entries[0]?.text.split('/') ?? [];
  const isInOne = folder !== undefined && entries.every(({ text }) => text.startsWith(`${folder}/`));
  return entries.map(({ text, ...entry }) => ({ ...entry, path: isInOne ? text.slice(folder.length + 1) : text }));
}

/**
 * Files that lie within one another unpack to far more than the archive has, and of a name that is there twice nobody knows which is meant; names that
 * differ in case alone are one file on some systems.
 */
function requireApart(path: string, entries: readonly ArchiveEntry[], listOffset: number): void {
  const places = entries.map(({ offset, name, packedBytes }) => ({ offset, end: offset + 30 + name.length + packedBytes }));
  const sorted = places.toSorted((a, b) => a.offset - b.offset);
  const isApart = sorted.every(({ end }, index) => end <= (sorted[index + 1]?.offset ?? listOffset));
  if (!isApart) throw refuseArchive(path, 'its files lie within one another.');
  const files = entries.filter(({ kind }) => kind === 'file').map(({ text }) => text.normalize('NFC').toLowerCase());
  const names = new Set(files);
  if (names.size < files.length) throw refuseArchive(path, 'a name is in it twice.');
  const isBoth = (name: string): boolean => name.split('/').some((_, end, parts) => names.has(parts.slice(0, end).join('/')));
  if (files.some(isBoth)) throw refuseArchive(path, 'a name in it is a file and a folder.');
}

function requireBounds(path: string, entries: readonly ArchiveEntry[]): void {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const packedBytes = entries.reduce((sum, entry) => sum + entry.packedBytes, 0);
  const isBomb = bytes > archiveLimits.ratioFromBytes && bytes > packedBytes * archiveLimits.ratio;
  if (bytes <= archiveLimits.bytes && !isBomb) return;
  const much = `${(bytes / 1e9).toFixed(1)} GB`;
  throw refuseArchive(path, `it would become ${much}, which no model does.`, { bytes, packedBytes });
}
