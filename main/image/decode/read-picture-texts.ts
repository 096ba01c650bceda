import { inflateSync } from 'node:zlib';
import type { PictureMediaType } from '../../../contract/picture-formats.ts';
import type { PictureText, PictureTexts } from '../../metadata/picture-text.ts';
import { splitPng } from '../split-png.ts';
import type { PngPiece } from '../split-png.ts';
import { readFields } from './read-fields.ts';

/** Of one text, unpacked: more than the largest graph a person made. A few kilobytes can unpack to gigabytes. */
const mostBytes = 4 * 1024 * 1024;
const mostTexts = 64;
const xmpKeyword = 'XML:com.adobe.xmp';

/** The texts of a picture file, whatever its pixels are. Only PNG, JPEG, WebP and AVIF carry any that the studio reads. */
export function readPictureTexts(bytes: Uint8Array, mediaType: PictureMediaType): PictureTexts {
  switch (mediaType) {
    case 'image/png':
      return readPng(bytes);
    case 'image/jpeg':
    case 'image/webp':
    case 'image/avif':
      return { texts: readFields(bytes, mostBytes), problems: [] };
    case 'image/gif':
    case 'image/tiff':
      return { texts: [], problems: [] };
  }
}

function readPng(bytes: Uint8Array): PictureTexts {
  const texts: PictureText[] = [];
  const problems: string[] = [];
  const pieces = splitPng(bytes);
  for (const piece of pieces) {
    if (!/^[tzi](?:EXt|TXt)$/.test(piece.type)) continue;
    if (texts.length + problems.length >= mostTexts) break;
    const { keyword, text, problem } = readTextChunk(piece);
    if (text !== null && keyword !== xmpKeyword) texts.push({ carrier: 'png', key: keyword, text });
    if (problem !== null) problems.push(problem);
  }
  return { texts: [...texts, ...readFields(keepFields(bytes, pieces), mostBytes)], problems };
}

interface ReadChunk {
  readonly keyword: string;
  readonly text: string | null;
  readonly problem: string | null;
}

/** PNG specification, third edition, 11.3.3. Programs write UTF-8 where Latin-1 is meant, so that is tried first. */
function readTextChunk({ type, data }: PngPiece): ReadChunk {
  const chunk = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const end = chunk.indexOf(0);
  const keyword = chunk.toString('latin1', 0, Math.max(0, Math.min(end, 79)));
  const fail = (why: string): ReadChunk => ({ keyword, text: null, problem: `A text of the picture ${why}.` });
  if (end < 1 || end > 79) return fail('has no name');
  if (chunk.length > mostBytes) return fail('is too large to be read');
  if (type === 'tEXt') return { keyword, text: decode(chunk.subarray(end + 1)), problem: null };
  if (type === 'zTXt') return unpack(keyword, chunk.subarray(end + 2), fail);
  const isPacked = chunk[end + 1] === 1;
  const languageEnd = chunk.indexOf(0, end + 3);
  const translatedEnd = languageEnd < 0 ? -1 : chunk.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0) return fail('is cut off');
  const body = chunk.subarray(translatedEnd + 1);
  return isPacked ? unpack(keyword, body, fail) : { keyword, text: decode(body), problem: null };
}

function unpack(keyword: string, packed: Uint8Array, fail: (why: string) => ReadChunk): ReadChunk {
  try {
    return { keyword, text: decode(inflateSync(packed, { maxOutputLength: mostBytes })), problem: null };
  } catch (cause) {
    const isLarge = cause instanceof RangeError;
    return fail(isLarge ? 'is too large to be read' : 'is damaged');
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** The file with nothing but what EXIF and XMP lie in: the reader would take every other text apart as well, without a limit. */
function keepFields(bytes: Uint8Array, pieces: readonly PngPiece[]): Uint8Array {
  const kept = pieces.filter(
    ({ type, data }) =>
      (type === 'eXIf' && data.byteLength <= mostBytes) ||
      (type === 'iTXt' && data.byteLength <= mostBytes && Buffer.from(data.subarray(0, 17)).toString('latin1') === xmpKeyword) ||
      type === 'IHDR',
  );
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ whole }) => whole)]);
}
