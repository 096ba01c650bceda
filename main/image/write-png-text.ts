import { insertPngChunks } from './insert-png-chunks.ts';
import type { PngChunk } from './insert-png-chunks.ts';

/** One text in a PNG. `keyword` is 1..79 Latin-1 characters; programs find texts by it. */
export interface PngText {
  readonly keyword: string;
  readonly text: string;
}

/**
 * Adds texts to a PNG, before the picture data where every reader looks, after the texts that are there already:
 * nothing is replaced. `tEXt` where Latin-1 holds the text, else uncompressed `iTXt` (PNG specification, third
 * edition, 11.3.3), as Pillow and A1111 do. The caller gives no text with absolute paths.
 */
export function writePngText(png: Uint8Array, texts: readonly PngText[]): Uint8Array {
  return insertPngChunks(png, 'before-data', texts.map(textChunk));
}

function textChunk({ keyword, text }: PngText): PngChunk {
  const latin1Keyword = Buffer.from(keyword, 'latin1');
  if (latin1Keyword.toString('latin1') !== keyword || keyword.length < 1 || keyword.length > 79) {
    throw new RangeError(`not a PNG keyword: ${keyword}`);
  }
  // A zero byte would end the text early; no prompt means one.
  const clean = text.replaceAll('\0', '');
  const latin1 = Buffer.from(clean, 'latin1');
  if (latin1.toString('latin1') === clean)
    return { type: 'tEXt', data: Buffer.concat([latin1Keyword, Buffer.from([0]), latin1]) };
  // Keyword, end, not compressed, method 0, empty language tag, end, empty translated keyword, end.
  return { type: 'iTXt', data: Buffer.concat([latin1Keyword, Buffer.from([0, 0, 0, 0, 0]), Buffer.from(clean, 'utf8')]) };
}
