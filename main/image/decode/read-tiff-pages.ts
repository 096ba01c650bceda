/** What one page of a TIFF says of itself, as far as it decides whether and how the page can be read. */
export interface TiffPage {
  /** Tag 254, bit 0: a smaller copy of another page. */
  readonly isReduced: boolean;
  readonly bitsPerSample: number;
  /** Tag 339: 1 unsigned, 2 signed, 3 floating point, 5 and 6 complex. */
  readonly sampleFormat: number;
  /** Tag 262: 0 and 1 grey, 2 RGB, 3 palette, 5 CMYK, 6 YCbCr, 8 to 10 CIELab, 32803 and 34892 a sensor's own values. */
  readonly photometric: number;
  /** Tag 338 for the first channel beyond the colours: 1 and 2 are alpha, 0 is anything; null where there is none. */
  readonly extraSample: number | null;
  /** A camera's raw file: a sensor's values, or a container that only says so. */
  readonly isRaw: boolean;
}

/** Bytes of each field type of TIFF 6.0 and BigTIFF; what is not here is skipped. */
const typeBytes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8 };
const mostPages = 64;
const mostTags = 512;

const tags = {
  subfileType: 254,
  bits: 258,
  compression: 259,
  photometric: 262,
  extra: 338,
  sampleFormat: 339,
  dngVersion: 50706,
};
/** Photometric values of a colour filter array and of demosaiced sensor values (TIFF/EP, DNG specification). */
const sensorPhotometrics = new Set([32803, 34892]);
/** Compressions that only Sony's, Nikon's, Pentax's and other cameras write. */
const cameraCompressions = new Set([32767, 32769, 34713, 65535]);

/**
 * Reads the pages of a TIFF or BigTIFF without decoding anything. DNG, NEF, ARW, CR2 and PEF begin with the same magic number, and
 * a decoder that does not know them opens their small preview. Whatever is out of bounds ends the list instead of failing:
 * the decoder says what is damaged.
 *
 * Sources: TIFF 6.0, BigTIFF (libtiff), DNG 1.7 chapter 2.
 */
export function readTiffPages(bytes: Uint8Array): readonly TiffPage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = bytes[0] === 0x49;
  const big = readUnsigned(view, 2, 2, little) === 43;
  const isCanon = Buffer.from(bytes.subarray(8, 10)).toString('latin1') === 'CR';
  const pages: TiffPage[] = [];
  const seen = new Set<number>();
  let offset = readUnsigned(view, big ? 8 : 4, big ? 8 : 4, little);
  while (offset !== null && offset !== 0 && !seen.has(offset) && pages.length < mostPages) {
    seen.add(offset);
    const directory = readDirectory(view, offset, big, little);
    if (directory === null) break;
    pages.push(describePage(directory.values, isCanon));
    offset = directory.next;
  }
  return pages;
}

type Directory = ReadonlyMap<number, number>;

function describePage(values: Directory, isCanon: boolean): TiffPage {
  const value = (tag: number, absent: number): number => values.get(tag) ?? absent;
  return {
    isReduced: (value(tags.subfileType, 0) & 1) === 1,
    bitsPerSample: value(tags.bits, 1),
    sampleFormat: value(tags.sampleFormat, 1),
    photometric: value(tags.photometric, 1),
    extraSample: values.get(tags.extra) ?? null,
    isRaw:
      isCanon ||
      values.has(tags.dngVersion) ||
      sensorPhotometrics.has(value(tags.photometric, 1)) ||
      cameraCompressions.has(value(tags.compression, 1)),
  };
}

/** The first value of every tag of one directory, and where the next directory lies; null when it is not inside the file. */
function readDirectory(view: DataView, offset: number, big: boolean, little: boolean) {
  const countBytes = big ? 8 : 2;
  const entryBytes = big ? 20 : 12;
  const count = readUnsigned(view, offset, countBytes, little);
  if (count === null || count > mostTags) return null;
  const values = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const entry = offset + countBytes + index * entryBytes;
    const tag = readUnsigned(view, entry, 2, little);
    const type = readUnsigned(view, entry + 2, 2, little);
    const length = readUnsigned(view, entry + 4, big ? 8 : 4, little);
    const width = typeBytes[type ?? 0];
    if (tag === null || length === null || length === 0) continue;
    const place = entry + (big ? 12 : 8);
    const inline = width !== undefined && width * length <= (big ? 8 : 4);
    const at = inline ? place : readUnsigned(view, place, big ? 8 : 4, little);
    const value = width === undefined || at === null ? 0 : readUnsigned(view, at, width, little);
    values.set(tag, value ?? 0);
  }
  return { values, next: readUnsigned(view, offset + countBytes + count * entryBytes, big ? 8 : 4, little) };
}

/** Null where the file has no such bytes. */
function readUnsigned(view: DataView, offset: number, width: number, little: boolean): number | null {
  if (offset < 0 || offset + width > view.byteLength) return null;
  if (width === 1) return view.getUint8(offset);
  if (width === 2) return view.getUint16(offset, little);
  if (width === 4) return view.getUint32(offset, little);
  return Number(view.getBigUint64(offset, little));
}
