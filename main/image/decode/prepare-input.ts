import { StudioError } from '../../../contract/errors.ts';
import type { PictureMediaType } from '../../../contract/picture-formats.ts';
import { readTiffPages } from './read-tiff-pages.ts';
import { cameraRaw } from './sniff-image.ts';

export const formats = 'PNG, JPEG, WebP, GIF, TIFF or AVIF';

export function refuseFormat(name: string, format: string, hint = `Save it as ${formats} and try again.`): StudioError {
  return new StudioError('image-unsupported', `${name} is ${format}, which the studio does not open.`, hint, { format });
}

/** PNG specification, third edition, 11.3.3. */
const textChunks = new Set(['tEXt', 'zTXt', 'iTXt']);

const plainHint = 'Save it as RGB with 8 or 16 bits a channel and try again.';

/** What the decoder is given, and what it would take wrongly by itself. */
export interface PreparedInput {
  /** The file's bytes, or a copy put right; `bytes` itself where nothing had to be. */
  readonly input: Uint8Array;
  /** For a picture that was put right, a warning of the decoder counts as well. */
  readonly failOn: 'error' | 'warning';
  /** Which page of a TIFF is the picture. */
  readonly page: number;
  /** False where a fourth channel is something else, such as a selection that Photoshop saved. */
  readonly hasAlpha: boolean;
}

/** @throws StudioError image-unsupported for a TIFF whose numbers the studio cannot read as colours */
export function prepareInput(name: string, bytes: Uint8Array, mediaType: PictureMediaType): PreparedInput {
  const asItIs = { input: bytes, failOn: 'error' as const, page: 0, hasAlpha: true };
  if (mediaType === 'image/tiff') return { ...asItIs, ...chooseTiffPage(name, bytes) };
  if (mediaType === 'image/png') return { ...asItIs, input: dropPngTexts(bytes) };
  const input = mediaType === 'image/jpeg' ? endJpeg(bytes) : mediaType === 'image/avif' ? nameAvif(bytes) : bytes;
  return input === bytes ? asItIs : { ...asItIs, input, failOn: 'warning' };
}

/** The first page that is no smaller copy of another. */
function chooseTiffPage(name: string, bytes: Uint8Array): Pick<PreparedInput, 'page' | 'hasAlpha'> {
  const pages = readTiffPages(bytes);
  if (pages.some((page) => page.isRaw)) throw refuseFormat(name, cameraRaw);
  const page = pages.findIndex((candidate) => !candidate.isReduced);
  const chosen = pages[page];
  // Cameras keep the sensor's values in a place of their own and leave only the preview among the pages.
  if (chosen === undefined) {
    if (pages.length > 0) throw refuseFormat(name, cameraRaw);
    return { page: 0, hasAlpha: true };
  }
  if (chosen.photometric >= 8 && chosen.photometric <= 10) throw refuseFormat(name, 'a TIFF in CIELab colours', plainHint);
  // Where black and white lie in such values is not said by the file.
  if (chosen.sampleFormat !== 1 || chosen.bitsPerSample > 16) {
    const numbers = chosen.sampleFormat === 3 ? 'floating-point' : chosen.sampleFormat === 1 ? 'whole' : 'signed';
    throw refuseFormat(name, `a TIFF of ${chosen.bitsPerSample}-bit ${numbers} numbers`, plainHint);
  }
  return { page, hasAlpha: chosen.extraSample !== 0 };
}

/**
 * A JPEG whose end mark is missing, as cameras and downloads leave them, gets one, as every browser reads it. Missing rows are
 * still told: then the decoder warns, and for such a copy a warning counts.
 */
function endJpeg(bytes: Uint8Array): Uint8Array {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(Buffer.from([0xff, 0xd9]));
  return end >= 0 && end > bytes.byteLength / 2 ? bytes : Buffer.concat([bytes, Buffer.from([0xff, 0xd9])]);
}

/**
 * The decoder unpacks every text of a PNG before it looks at a pixel, and a few kilobytes of text unpack to gigabytes. The studio
 * reads none of them here, so they are left out; what is no sequence of chunks stays as it is, and the decoder says what is damaged.
 */
function dropPngTexts(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Buffer[] = [];
  let keptFrom = 0;
  let offset = 8;
  while (offset + 12 <= file.length) {
    const end = offset + 12 + file.readUInt32BE(offset);
    if (textChunks.has(file.toString('latin1', offset + 4, offset + 8)) && end <= file.length) {
      kept.push(file.subarray(keptFrom, offset));
      keptFrom = end;
    }
    offset = end;
  }
  return kept.length === 0 ? bytes : Buffer.concat([...kept, file.subarray(keptFrom)]);
}

/** An animation may be named `avis` first; its still picture is found only under the name `avif`. */
function nameAvif(bytes: Uint8Array): Uint8Array {
  const brand = Buffer.from(bytes.buffer, bytes.byteOffset + 8, 4);
  if (brand.toString('latin1') !== 'avis') return bytes;
  const copy = Buffer.from(bytes);
  copy.write('avif', 8, 'latin1');
  return copy;
}
