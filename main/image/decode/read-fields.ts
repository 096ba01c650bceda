import ExifReader from 'exifreader';
import { z } from 'zod';
import type { PictureText } from '../../metadata/picture-text.ts';

/** EXIF in which programs that draw keep their texts, as the reader calls the fields. */
const exifFields = ['UserComment', 'Make', 'Model', 'ImageDescription', 'DocumentName', 'Software', 'MakerNote'] as const;
const xmpFields = ['UserComment', 'description'] as const;

const bytesSchema = z.array(z.number().int().min(0).max(255));
const fieldSchema = z.looseObject({ value: z.unknown(), description: z.unknown() });
const fieldsSchema = z.record(z.string(), z.unknown()).optional();

/**
 * Texts of EXIF and XMP in a JPEG, WebP, AVIF or PNG. None for a file that has neither, or where they are damaged.
 * @param most bytes of one text
 */
export function readFields(bytes: Uint8Array, most: number): PictureText[] {
  const fields = load(bytes);
  const exif = fieldsSchema.parse(fields?.exif) ?? {};
  const xmp = fieldsSchema.parse(fields?.xmp) ?? {};
  return [
    ...exifFields.flatMap((key) => toText('exif', key, exif[key], most)),
    ...xmpFields.flatMap((key) => toText('xmp', key, xmp[key], most)),
  ];
}

/** Which way is up, 1..8 as EXIF has it; 1 where nothing says. */
export function readOrientation(bytes: Uint8Array): number {
  const field = fieldSchema.safeParse(load(bytes)?.exif?.Orientation);
  const value = field.success ? z.int().min(1).max(8).safeParse(field.data.value) : null;
  return value?.success === true ? value.data : 1;
}

function load(bytes: Uint8Array): ExifReader.ExpandedTags | null {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return ExifReader.loadView(view, {
      expanded: true,
      includeTags: { exif: ['Orientation', ...exifFields], xmp: [...xmpFields] },
    });
  } catch (cause) {
    // It throws what comes for damaged files, whose pixels may be whole: a picture without texts.
    if (cause instanceof Error) return null;
    throw cause;
  }
}

function toText(carrier: 'exif' | 'xmp', key: string, field: unknown, most: number): PictureText[] {
  const parsed = fieldSchema.safeParse(field);
  if (!parsed.success) return [];
  const { value, description } = parsed.data;
  const raw = key === 'UserComment' || key === 'MakerNote' ? bytesSchema.safeParse(value) : null;
  const text = raw?.success === true ? decodeComment(Uint8Array.from(raw.data)) : description;
  return typeof text === 'string' && text !== '' && text.length <= most ? [{ carrier, key, text }] : [];
}

/** EXIF 2.32, section 4.6.5: eight characters name the encoding. Some programs leave them out. */
function decodeComment(bytes: Uint8Array): string {
  const name = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  if (name.startsWith('UNICODE')) return decodeUtf16(bytes.subarray(8));
  const body = name.startsWith('ASCII\0') || name === '\0'.repeat(8) ? bytes.subarray(8) : bytes;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body).replace(/\0+$/, '');
  } catch {
    return Buffer.from(body).toString('latin1').replace(/\0+$/, '');
  }
}

/** Big-endian where nothing tells: `piexif` writes so, with which most of these programs write. */
function decodeUtf16(bytes: Uint8Array): string {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe;
  // Nearly every text has a letter of ASCII, whose other byte is zero.
  const odd = bytes.subarray(0, 512).filter((byte, index) => byte === 0 && index % 2 === 1).length;
  const even = bytes.subarray(0, 512).filter((byte, index) => byte === 0 && index % 2 === 0).length;
  const encoding = marked || odd > even ? 'utf-16le' : 'utf-16be';
  return new TextDecoder(encoding).decode(bytes).replace(/\0+$/, '');
}
