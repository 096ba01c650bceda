import type { Metadata } from 'sharp';
import type { PictureMediaType } from '../../../contract/picture-formats.ts';
import { isSrgbProfile } from './is-srgb-profile.ts';

/**
 * Whether every browser shows a file as the studio reads it: a format that browsers draw, upright as it is stored, its numbers
 * sRGB. Where two decoders may take it in two ways, nobody asks which is right: the page is given what was read.
 */
export function showsAsRead(bytes: Uint8Array, mediaType: PictureMediaType, metadata: Metadata): boolean {
  // Browsers scale the colours of AVIF up and turn them to RGB in other ways than libheif does.
  if (mediaType === 'image/tiff' || mediaType === 'image/avif') return false;
  if ((metadata.orientation ?? 1) !== 1) return false;
  if (metadata.space === 'cmyk') return false;
  if (metadata.icc !== undefined && !isSrgbProfile(metadata.icc)) return false;
  return mediaType !== 'image/png' || hasPlainColours(bytes, metadata.icc !== undefined);
}

/**
 * The order of PNG specification, third edition, 4.3: cICP, iCCP, sRGB, gAMA with cHRM. The studio's decoder takes no notice of the
 * first and the last, and browsers do.
 */
function hasPlainColours(bytes: Uint8Array, hasKnownProfile: boolean): boolean {
  const chunks = listHeadChunks(bytes);
  if (chunks.has('cICP')) return false;
  // An animation that leaves its still picture out shows another one.
  if (chunks.has('acTL') && !chunks.has('fcTL')) return false;
  if (chunks.has('iCCP')) return hasKnownProfile;
  return chunks.has('sRGB') || !(chunks.has('gAMA') || chunks.has('cHRM'));
}

/** The chunks before the picture's data, where all that say something of its colours stand. */
function listHeadChunks(bytes: Uint8Array): ReadonlySet<string> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names = new Set<string>();
  for (let offset = 8; offset + 12 <= file.length; offset += 12 + file.readUInt32BE(offset)) {
    const name = file.toString('latin1', offset + 4, offset + 8);
    if (name === 'IDAT') break;
    names.add(name);
  }
  return names;
}
