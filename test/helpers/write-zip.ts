import { crc32, deflateRawSync } from 'node:zlib';

/** A file to be put into an archive, and what is said of it that is not so. */
export interface ZippedFile {
  readonly name: string;
  readonly content: Uint8Array;
  /** Default: deflated. */
  readonly isStored?: boolean;
  /** Unix's mode; default: that of a regular file. */
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  /** What the list says; default: the truth. */
  readonly bytes?: number;
  readonly crc32?: number;
  /** The place that the list names; default: its own. */
  readonly offset?: number;
  /** The name in its own header; default: that of the list. */
  readonly otherName?: string;
}

export interface ZipEnd {
  readonly disk?: number;
  readonly entries?: number;
  /** Numbers of 64 bits in the list and at the end, whether they need them or not. */
  readonly isLarge?: boolean;
}

/** The bytes of a zip archive, well-formed unless a file or the end says otherwise. */
export function writeZip(
  files: readonly ZippedFile[],
  { disk = 0, entries = files.length, isLarge = false }: ZipEnd = {},
): Buffer {
  const [parts, list]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const file of files) {
    const packed = file.isStored === true ? Buffer.from(file.content) : deflateRawSync(file.content);
    const local = Buffer.concat([writeLocalHead(file, packed.length), Buffer.from(file.otherName ?? file.name), packed]);
    list.push(writeListed(file, packed.length, file.offset ?? offset, isLarge));
    parts.push(local);
    offset += local.length;
  }
  const listed = Buffer.concat(list);
  return Buffer.concat([...parts, listed, ...(isLarge ? [writeLargeEnd(entries, listed.length, offset)] : []), writeEnd()]);

  function writeEnd(): Buffer {
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(disk, 4);
    for (const at of [8, 10]) end.writeUInt16LE(isLarge ? 0xffff : entries, at);
    end.writeUInt32LE(isLarge ? 0xffffffff : listed.length, 12);
    end.writeUInt32LE(isLarge ? 0xffffffff : offset, 16);
    return end;
  }
}

const methodOf = ({ method, isStored }: ZippedFile): number => method ?? (isStored === true ? 0 : 8);

function writeLocalHead(file: ZippedFile, packedBytes: number): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(file.flags ?? 0x800, 6);
  head.writeUInt16LE(methodOf(file), 8);
  head.writeUInt32LE(crc32(file.content), 14);
  head.writeUInt32LE(packedBytes, 18);
  head.writeUInt32LE(file.content.length, 22);
  head.writeUInt16LE(Buffer.byteLength(file.otherName ?? file.name), 26);
  return head;
}

function writeListed(file: ZippedFile, packedBytes: number, offset: number, isLarge: boolean): Buffer {
  const head = Buffer.alloc(46);
  const bytes = file.bytes ?? file.content.length;
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(0x0314, 4);
  head.writeUInt16LE(file.flags ?? 0x800, 8);
  head.writeUInt16LE(methodOf(file), 10);
  head.writeUInt32LE(file.crc32 ?? crc32(file.content), 16);
  head.writeUInt32LE(isLarge ? 0xffffffff : packedBytes, 20);
  head.writeUInt32LE(isLarge ? 0xffffffff : bytes, 24);
  head.writeUInt16LE(Buffer.byteLength(file.name), 28);
  head.writeUInt32LE((file.mode ?? 0o100644) * 65_536, 38);
  head.writeUInt32LE(isLarge ? 0xffffffff : offset, 42);
  if (!isLarge) return Buffer.concat([head, Buffer.from(file.name)]);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  for (const [index, number] of [bytes, packedBytes, offset].entries()) extra.writeBigUInt64LE(BigInt(number), 4 + 8 * index);
  head.writeUInt16LE(extra.length, 30);
  return Buffer.concat([head, Buffer.from(file.name), extra]);
}

function writeLargeEnd(entries: number, listBytes: number, listOffset: number): Buffer {
  const end = Buffer.alloc(56);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  for (const [at, number] of [
    [24, entries],
    [32, entries],
    [40, listBytes],
    [48, listOffset],
  ] as const)
    end.writeBigUInt64LE(BigInt(number), at);
  const place = Buffer.alloc(20);
  place.writeUInt32LE(0x07064b50, 0);
  place.writeBigUInt64LE(BigInt(listOffset + listBytes), 8);
  place.writeUInt32LE(1, 16);
  return Buffer.concat([end, place]);
}
