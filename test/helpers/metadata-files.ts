import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { insertPngChunks } from '../../main/image/insert-png-chunks.ts';

/** Picture files of a few pixels with texts put into them as the tools do. */

const plain = () => sharp({ create: { width: 16, height: 12, channels: 3, background: '#306080' } });

type TextForm = 'tEXt' | 'zTXt' | 'iTXt' | 'packed iTXt';

function textChunk(keyword: string, text: string, form: TextForm) {
  const start = Buffer.from(`${keyword}\0`, 'latin1');
  switch (form) {
    case 'tEXt':
      return { type: 'tEXt', data: Buffer.concat([start, Buffer.from(text, 'latin1')]) };
    case 'zTXt':
      return { type: 'zTXt', data: Buffer.concat([start, Buffer.from([0]), deflateSync(Buffer.from(text, 'latin1'))]) };
    case 'iTXt':
      return { type: 'iTXt', data: Buffer.concat([start, Buffer.from([0, 0, 0, 0]), Buffer.from(text)]) };
    case 'packed iTXt':
      return { type: 'iTXt', data: Buffer.concat([start, Buffer.from([1, 0, 0, 0]), deflateSync(Buffer.from(text))]) };
  }
}

/** A PNG with these texts in this order. */
export async function pngWith(texts: readonly (readonly [string, string, TextForm?])[]): Promise<Buffer> {
  const png = await plain().png().toBuffer();
  const chunks = texts.map(([keyword, text, form]) => textChunk(keyword, text, form ?? 'tEXt'));
  return Buffer.from(insertPngChunks(png, 'before-data', chunks));
}

/** Fields of an EXIF block: texts of the first list by their number, and those of the second as bytes. */
export interface ExifFields {
  readonly texts?: Readonly<Record<number, string>>;
  readonly comment?: Buffer;
  readonly makerNote?: Buffer;
  readonly orientation?: number;
}

/** TIFF 6.0, little-endian, with the list that EXIF 2.32 adds. */
export function exifBlock({ texts = {}, comment, makerNote, orientation }: ExifFields): Buffer {
  const values: Buffer[] = [];
  const entry = (tag: number, type: number, count: number, value: Buffer, at: (size: number) => number): Buffer => {
    const field = Buffer.alloc(12);
    field.writeUInt16LE(tag, 0);
    field.writeUInt16LE(type, 2);
    field.writeUInt32LE(count, 4);
    if (value.length <= 4) value.copy(field, 8);
    else field.writeUInt32LE(at(value.length), 8);
    return field;
  };
  const own: [number, number, number, Buffer][] = Object.entries(texts).map(([tag, text]) => {
    const bytes = Buffer.from(`${text}\0`);
    return [Number(tag), 2, bytes.length, bytes];
  });
  if (orientation !== undefined) own.push([0x0112, 3, 1, Buffer.from([orientation, 0])]);
  const inner: [number, number, number, Buffer][] = [
    ...(makerNote === undefined ? [] : [[0x927c, 7, makerNote.length, makerNote] as [number, number, number, Buffer]]),
    ...(comment === undefined ? [] : [[0x9286, 7, comment.length, comment] as [number, number, number, Buffer]]),
  ];
  const outerSize = 2 + 12 * (own.length + (inner.length > 0 ? 1 : 0)) + 4;
  const innerStart = 8 + outerSize;
  let end = innerStart + (inner.length > 0 ? 2 + 12 * inner.length + 4 : 0);
  const place = (value: Buffer) => (size: number) => {
    values.push(value);
    end += size;
    return end - size;
  };
  const list = (fields: [number, number, number, Buffer][], pointer: Buffer | null): Buffer => {
    const count = Buffer.alloc(2);
    count.writeUInt16LE(fields.length + (pointer === null ? 0 : 1));
    const entries = fields.toSorted(([a], [b]) => a - b).map(([tag, type, n, value]) => entry(tag, type, n, value, place(value)));
    return Buffer.concat([count, ...entries, ...(pointer === null ? [] : [pointer]), Buffer.alloc(4)]);
  };
  const pointer = Buffer.alloc(4);
  pointer.writeUInt32LE(innerStart);
  const outer = list(own, inner.length > 0 ? entry(0x8769, 4, 1, pointer, () => 0) : null);
  const second = inner.length > 0 ? list(inner, null) : Buffer.alloc(0);
  return Buffer.concat([Buffer.from('49492a0008000000', 'hex'), outer, second, ...values]);
}

/** A comment as `piexif` writes it, big-endian, or as other programs do. */
export function unicodeComment(text: string, order: 'big' | 'little' = 'big'): Buffer {
  const body = Buffer.from(text, 'utf16le');
  return Buffer.concat([Buffer.from('UNICODE\0', 'latin1'), order === 'big' ? body.swap16() : body]);
}

/** XMP with the comment that Draw Things writes, or a description as Midjourney does. */
export function xmpPacket(name: 'exif:UserComment' | 'dc:description', text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><${name}><rdf:Alt><rdf:li xml:lang="x-default">${escaped}</rdf:li></rdf:Alt></${name}></rdf:Description></rdf:RDF></x:xmpmeta>`;
}

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

export async function jpegWith({ exif, xmp, comment }: { exif?: Buffer; xmp?: string; comment?: string }): Promise<Buffer> {
  const jpeg = await plain().jpeg().toBuffer();
  const added = [
    ...(exif === undefined ? [] : [segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif]))]),
    ...(xmp === undefined ? [] : [segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp}`))]),
    ...(comment === undefined ? [] : [segment(0xfe, Buffer.from(comment))]),
  ];
  return Buffer.concat([jpeg.subarray(0, 2), ...added, jpeg.subarray(2)]);
}

function riff(type: string, body: Buffer): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

export async function webpWith(exif: Buffer | null, xmp?: string): Promise<Buffer> {
  const simple = await plain().webp().toBuffer();
  const added = [...(exif === null ? [] : [riff('EXIF', exif)]), ...(xmp === undefined ? [] : [riff('XMP ', Buffer.from(xmp))])];
  const flags = (exif === null ? 0 : 0x08) | (xmp === undefined ? 0 : 0x04);
  const extended = Buffer.from([flags, 0, 0, 0, 15, 0, 0, 11, 0, 0]);
  return riff('RIFF', Buffer.concat([Buffer.from('WEBP'), riff('VP8X', extended), simple.subarray(12), ...added]));
}

/** AVIF writes its places down, so an encoder puts the texts in. */
export async function avifWith(fields: {
  readonly comment?: string;
  readonly model?: string;
  readonly xmp?: string;
}): Promise<Buffer> {
  const { comment, model, xmp } = fields;
  const picture = plain().withExif({
    ...(model === undefined ? {} : { IFD0: { Model: model } }),
    ...(comment === undefined ? {} : { IFD2: { UserComment: comment } }),
  });
  return (xmp === undefined ? picture : picture.withXmp(xmp)).avif().toBuffer();
}
