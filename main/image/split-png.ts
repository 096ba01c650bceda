/** One chunk of a PNG: views of the file's bytes. */
export interface PngPiece {
  readonly type: string;
  readonly data: Uint8Array;
  /** With length, type and check sum. */
  readonly whole: Uint8Array;
}

/** The chunks of a PNG in their order, as far as they are whole: what is cut off or no chunk ends the list. */
export function splitPng(bytes: Uint8Array): PngPiece[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: PngPiece[] = [];
  let offset = 8;
  while (offset + 12 <= file.length) {
    const length = file.readUInt32BE(offset);
    const end = offset + 12 + length;
    if (end > file.length) break;
    const type = file.toString('latin1', offset + 4, offset + 8);
    pieces.push({ type, data: file.subarray(offset + 8, offset + 8 + length), whole: file.subarray(offset, end) });
    offset = end;
  }
  return pieces;
}
