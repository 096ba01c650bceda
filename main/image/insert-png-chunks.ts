import { crc32 } from 'node:zlib';

/** A chunk's four-letter type and its data. */
export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/**
 * Adds chunks to a PNG, after its header or before the picture data, behind whatever is there already; nothing is
 * replaced. PNG specification, third edition, section 5.3: length, type, data, CRC-32 of type and data.
 */
export function insertPngChunks(png: Uint8Array, place: 'after-header' | 'before-data', chunks: readonly PngChunk[]): Uint8Array {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (!bytes.subarray(0, signature.length).equals(signature)) throw new TypeError('not a PNG');
  const framed = chunks.map(frameChunk);
  let offset = signature.length;
  while (offset + 12 <= bytes.length) {
    const type = bytes.toString('latin1', offset + 4, offset + 8);
    const end = offset + 12 + bytes.readUInt32BE(offset);
    const found = place === 'after-header' ? type === 'IHDR' : type === 'IDAT';
    if (found) {
      const cut = place === 'after-header' ? end : offset;
      return Buffer.concat([bytes.subarray(0, cut), ...framed, bytes.subarray(cut)]);
    }
    offset = end;
  }
  throw new TypeError('a PNG without header or picture data');
}

function frameChunk(chunk: PngChunk): Buffer {
  const framed = Buffer.alloc(chunk.data.length + 12);
  framed.writeUInt32BE(chunk.data.length, 0);
  framed.write(chunk.type, 4, 'latin1');
  framed.set(chunk.data, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, framed.length - 4)), framed.length - 4);
  return framed;
}
