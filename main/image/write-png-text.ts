import { insertPngChunks } from './insert-png-chunks.ts';
import type { PngChunk } from './insert-png-chunks.ts';

/** One text in a PNG. `keyword` is 1..79 ASCII characters; programs find texts by it. */
export interface PngText {
  readonly keyword: string;
  readonly text: string;
}

/**
 * Adds texts to a PNG, before the picture data where every reader looks, after the texts that are there already:
 * nothing is replaced. `tEXt` for ASCII, else uncompressed `iTXt` in UTF-8 (PNG specification, third edition, 11.3.3):
 * Pillow and A1111 read both, and libvips misreads Latin-1 beyond ASCII. The caller gives no text with absolute paths.
 */
export function writePngText(png: Uint8Array, texts: readonly PngText[]): Uint8Array {
  return insertPngChunks(png, 'before-data', texts.map(textChunk));
}

function textChunk({ keyword, text }: PngText): PngChunk {
  if (!/^[\x21-\x7e][\x20-\x7e]{0,78}$/.test(keyword)) throw new RangeError(`not a PNG keyword: ${keyword}`);
  const start = Buffer.from(keyword, 'latin1');
  // A zero byte would end the text early; no prompt means one.
  const clean = text.replaceAll('\0', '');
  if (/^[\x01-\x7f]*$/.test(clean))
    return { type: 'tEXt', data: Buffer.concat([start, Buffer.from([0]), Buffer.from(clean, 'latin1')]) };
  // Keyword, end, not compressed, method 0, empty language tag, end, empty translated keyword, end.
  return { type: 'iTXt', data: Buffer.concat([start, Buffer.from([0, 0, 0, 0, 0]), Buffer.from(clean, 'utf8')]) };
}
