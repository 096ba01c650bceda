import sharp from 'sharp';
import { insertPngChunks } from '../insert-png-chunks.ts';
import type { Pixels } from '../pixels.ts';
import { writePngText } from '../write-png-text.ts';
import type { PngText } from '../write-png-text.ts';

/**
 * Colours are sRGB, perceptual intent, with the gamma of 1 ÷ 2.2 the specification wants beside it for old readers.
 * PNG specification, third edition, 11.3.2.5 and 11.3.2.2.
 */
const srgbTags = [
  { type: 'sRGB', data: Buffer.from([0]) },
  { type: 'gAMA', data: Buffer.from([0, 0, 0xb1, 0x8f]) },
];

/**
 * Pixels → the bytes of a PNG file, lossless, tagged sRGB, with texts such as `parameters` (what A1111 and others read)
 * and `dediffusion` (the whole recipe as JSON). The same pixels and texts give the same bytes.
 */
export async function pixelsToPng(pixels: Pixels, texts: readonly PngText[] = []): Promise<Uint8Array> {
  const raw = { width: pixels.width, height: pixels.height, channels: pixels.channels };
  const png = await sharp(pixels.data, { raw }).png({ compressionLevel: 6 }).toBuffer();
  return writePngText(tagSrgb(png), texts);
}

/** Says of a PNG without colour chunks that it is sRGB, so that no reader guesses. */
export function tagSrgb(png: Uint8Array): Uint8Array {
  return insertPngChunks(png, 'after-header', srgbTags);
}
