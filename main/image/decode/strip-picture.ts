import { StudioError } from '../../../contract/errors.ts';
import type { PictureMediaType } from '../../../contract/picture-formats.ts';
import { insertPngChunks } from '../insert-png-chunks.ts';
import { splitPng } from '../split-png.ts';
import { blankAvifItems } from './blank-avif-items.ts';
import { readOrientation } from './read-fields.ts';

/** A file without what it said beside its pixels, and the names of what was taken out. */
export interface StrippedPicture {
  readonly bytes: Uint8Array;
  readonly removed: readonly string[];
}

/**
 * Takes out of a file everything that is neither pixels nor needed to show them: texts, EXIF with places and cameras, XMP, comments,
 * previews, provenance, and what lies behind the picture's end. Pixels, colour profile and the way up stay; nothing is decoded again.
 *
 * @throws StudioError image-unsupported for GIF and TIFF, image-unreadable for a file that is cut off
 */
export function stripPicture(bytes: Uint8Array, mediaType: PictureMediaType, name: string): StrippedPicture {
  switch (mediaType) {
    case 'image/png':
      return stripPng(bytes, name);
    case 'image/jpeg':
      return stripJpeg(bytes, name);
    case 'image/webp':
      return stripWebp(bytes, name);
    case 'image/avif':
      return blankAvifItems(bytes);
    case 'image/gif':
    case 'image/tiff':
      throw new StudioError(
        'image-unsupported',
        `${name} is of a form that the studio takes no texts out of.`,
        'Save it as PNG, JPEG, WebP or AVIF first.',
        { mediaType },
      );
  }
}

function cutOff(name: string): StudioError {
  return new StudioError('image-unreadable', `${name} is cut off or damaged.`, 'Get the file again, or save it anew.');
}

/** An EXIF block that says nothing but which way is up: TIFF 6.0, one entry, little-endian. */
function orientationBlock(orientation: number): Buffer {
  const block = Buffer.from('49492a00080000000100120103000100000000000000000000000000', 'hex').subarray(0, 26);
  block.writeUInt16LE(orientation, 18);
  return block;
}

const pngPixels = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '),
);

function stripPng(bytes: Uint8Array, name: string): StrippedPicture {
  const pieces = splitPng(bytes);
  const end = pieces.findIndex(({ type }) => type === 'IEND');
  if (end < 0) throw cutOff(name);
  const inside = pieces.slice(0, end + 1);
  const removed = inside.filter(({ type }) => !pngPixels.has(type)).map(namePiece);
  const orientation = readOrientation(bytes);
  const kept = inside.filter(({ type }) => pngPixels.has(type));
  const stripped = Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ whole }) => whole)]);
  const behind = bytes.byteLength - 8 - inside.reduce((size, { whole }) => size + whole.byteLength, 0);
  return {
    bytes:
      orientation === 1
        ? stripped
        : insertPngChunks(stripped, 'before-data', [{ type: 'eXIf', data: orientationBlock(orientation) }]),
    removed: [...removed, ...(behind > 0 ? ['data behind the picture'] : [])],
  };
}

function namePiece({ type, data }: { readonly type: string; readonly data: Uint8Array }): string {
  if (!/TXt$|EXt$/.test(type)) return type;
  const keyword = Buffer.from(data.subarray(0, 80)).toString('latin1').split('\0')[0] ?? '';
  return keyword.replace(/[^\x20-\x7e]/g, '');
}

/** Segments of a JPEG that say how its pixels are read; of the application's own, JFIF, colour profile and Adobe's transform. */
function isJpegPixels(marker: number, body: Buffer): boolean {
  if (marker === 0xfe) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  if (marker === 0xe0) return body.toString('latin1', 0, 4) === 'JFIF';
  if (marker === 0xe2) return body.toString('latin1', 0, 11) === 'ICC_PROFILE';
  return marker === 0xee && body.toString('latin1', 0, 5) === 'Adobe';
}

const applicationNames: Readonly<Record<number, string>> = {
  0xe1: 'EXIF or XMP',
  0xe2: 'more pictures',
  0xeb: 'provenance',
  0xed: 'IPTC',
  0xfe: 'comment',
};

function stripJpeg(bytes: Uint8Array, name: string): StrippedPicture {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const orientation = readOrientation(bytes);
  const kept: Buffer[] = [file.subarray(0, 2)];
  if (orientation !== 1) {
    const block = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), orientationBlock(orientation)]);
    kept.push(Buffer.from([0xff, 0xe1, 0, block.length + 2]), block);
  }
  const removed = new Set<string>();
  let at = 2;
  for (;;) {
    while (file[at] === 0xff && file[at + 1] === 0xff) at += 1;
    const marker = file[at + 1];
    if (file[at] !== 0xff || marker === undefined) throw cutOff(name);
    if (marker === 0xd9) break;
    if (at + 4 > file.length) throw cutOff(name);
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (end > file.length) throw cutOff(name);
    const isScan = marker === 0xda;
    const next = isScan ? endOfScan(file, end) : end;
    if (isScan || isJpegPixels(marker, file.subarray(at + 4, end))) kept.push(file.subarray(at, next));
    else removed.add(applicationNames[marker] ?? `APP${marker - 0xe0}`);
    at = next;
    // Cameras and downloads leave the end mark out; what is read then is read all the same.
    if (isScan && at >= file.length) break;
  }
  kept.push(Buffer.from([0xff, 0xd9]));
  if (at + 2 < file.length) removed.add('data behind the picture');
  return { bytes: Buffer.concat(kept), removed: [...removed] };
}

/** Where the coded pixels of one scan end: at the next marker that is no restart. */
function endOfScan(file: Buffer, start: number): number {
  for (let at = file.indexOf(0xff, start); at >= 0 && at + 1 < file.length; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return file.length;
}

const webpPixels = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

function stripWebp(bytes: Uint8Array, name: string): StrippedPicture {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(file.length, 8 + file.readUInt32LE(4));
  const orientation = readOrientation(bytes);
  const kept: Buffer[] = [];
  const removed: string[] = [];
  let at = 12;
  while (at + 8 <= end) {
    const type = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const next = at + 8 + size + (size % 2);
    if (at + 8 + size > file.length) throw cutOff(name);
    if (webpPixels.has(type))
      kept.push(type === 'VP8X' ? changeFlags(file.subarray(at, next), orientation !== 1) : file.subarray(at, next));
    else removed.push(type === 'EXIF' ? 'EXIF' : type === 'XMP ' ? 'XMP' : type.replace(/[^\x20-\x7e]/g, '?'));
    at = next;
  }
  if (orientation !== 1) {
    const block = orientationBlock(orientation);
    const header = Buffer.from('EXIF\0\0\0\0', 'latin1');
    header.writeUInt32LE(block.length, 4);
    kept.push(header, block);
  }
  const body = Buffer.concat(kept);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(body.length + 4, 4);
  if (end < file.length) removed.push('data behind the picture');
  return { bytes: Buffer.concat([head, body]), removed };
}

/** WebP container, extended header: 0x08 says that EXIF follows, 0x04 XMP. */
function changeFlags(chunk: Buffer, hasExif: boolean): Buffer {
  const copy = Buffer.from(chunk);
  copy[8] = ((copy[8] ?? 0) & ~0x0c) | (hasExif ? 0x08 : 0);
  return copy;
}
