import type { PictureMediaType } from '../../../contract/picture-formats.ts';

/** What the first bytes say: a format we decode, one we know and refuse (named for the message), or nothing we know. */
export type SniffedImage =
  | { readonly kind: 'supported'; readonly mediaType: PictureMediaType }
  | { readonly kind: 'unsupported'; readonly format: string }
  | { readonly kind: 'unknown' };

/** How a refusal calls the files of a camera's sensor. */
export const cameraRaw = 'a camera raw file';

/** Offset, bytes (Latin-1) and what they stand for. Sources: each format's specification. */
const supportedMarks: readonly (readonly [number, string, PictureMediaType])[] = [
  [0, '\x89PNG\r\n\x1a\n', 'image/png'],
  [0, '\xff\xd8\xff', 'image/jpeg'],
  [0, 'GIF87a', 'image/gif'],
  [0, 'GIF89a', 'image/gif'],
  [0, 'II*\0', 'image/tiff'],
  [0, 'MM\0*', 'image/tiff'],
  [0, 'II+\0', 'image/tiff'],
  [0, 'MM\0+', 'image/tiff'],
];
const unsupportedMarks: readonly (readonly [number, string, string])[] = [
  [0, '%PDF', 'PDF'],
  [0, 'BM', 'BMP'],
  [0, '8BPS', 'Photoshop'],
  [0, '\xff\x0a', 'JPEG XL'],
  [4, 'JXL ', 'JPEG XL'],
  [4, 'jP  ', 'JPEG 2000'],
  [0, '\0\0\x01\0', 'ICO'],
  [0, 'v/1\x01', 'OpenEXR'],
  [0, 'IIRO', cameraRaw],
  [0, 'IIRS', cameraRaw],
  [0, 'MMOR', cameraRaw],
  [0, 'IIU\0', cameraRaw],
  [0, 'FUJIFILMCCD-RAW', cameraRaw],
  [0, '\0MRM', cameraRaw],
  [0, 'FOVb', cameraRaw],
  [0, '#?RADIANCE', 'Radiance HDR'],
  [0, '\x1f\x8b', 'compressed SVG'],
];
const heicBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx']);

/**
 * Tells a picture's format from its content. Names are never believed: `photo.png` is often a JPEG, and an SVG under
 * another name must not reach the SVG renderer, which reads other files.
 */
export function sniffImage(bytes: Uint8Array): SniffedImage {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 4096)).toString('latin1');
  for (const [offset, mark, mediaType] of supportedMarks) {
    if (head.startsWith(mark, offset)) return { kind: 'supported', mediaType };
  }
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return { kind: 'supported', mediaType: 'image/webp' };
  if (head.startsWith('ftyp', 4)) return sniffIsoMedia(head);
  for (const [offset, mark, format] of unsupportedMarks) {
    if (head.startsWith(mark, offset)) return { kind: 'unsupported', format };
  }
  if (/^(?:\xef\xbb\xbf)?\s*</.test(head) && /<svg[\s>]/i.test(head)) return { kind: 'unsupported', format: 'SVG' };
  return { kind: 'unknown' };
}

/** ISO base media: the major brand or any compatible brand decides (AVIF specification, section 6.1). */
function sniffIsoMedia(head: string): SniffedImage {
  const boxLength = Math.min(Buffer.from(head.slice(0, 4), 'latin1').readUInt32BE(0), 256);
  const brands = [head.slice(8, 12)];
  for (let offset = 16; offset + 4 <= boxLength; offset += 4) brands.push(head.slice(offset, offset + 4));
  if (brands.includes('avif') || brands.includes('avis')) return { kind: 'supported', mediaType: 'image/avif' };
  if (brands.includes('crx ')) return { kind: 'unsupported', format: cameraRaw };
  if (brands.some((brand) => heicBrands.has(brand))) return { kind: 'unsupported', format: 'HEIC' };
  return { kind: 'unsupported', format: 'video' };
}
