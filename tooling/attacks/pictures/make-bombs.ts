import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

/** A PNG of 9.7 MB whose 200 texts unpack to 10 GB. */
export async function makeTextBomb(number: number): Promise<Buffer> {
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: { r: number, g: 0, b: 0 } } })
    .png()
    .toBuffer();
  const data = Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflateSync(Buffer.alloc(50_000_000, 'a'))]);
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write('zTXt', 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return Buffer.concat([png.subarray(0, 33), ...Array.from({ length: 200 }, () => chunk), png.subarray(33)]);
}

/** A progressive JPEG of 149 megapixels in about a megabyte: all its coefficients are kept in memory while it is read. */
export function makeLargeJpeg(): Promise<Buffer> {
  return sharp({ create: { width: 12_200, height: 12_200, channels: 3, background: '#4060a0' } })
    .jpeg({ progressive: true, quality: 60 })
    .toBuffer();
}
