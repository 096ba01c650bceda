import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../../main/image/decode/decode-image.ts';
import type { Pixels } from '../../../../main/image/pixels.ts';
import { pixelsToPng } from '../../../../main/image/decode/pixels-to-png.ts';
import { writePngText } from '../../../../main/image/write-png-text.ts';

const pixels: Pixels = {
  width: 9,
  height: 5,
  channels: 3,
  data: Uint8Array.from({ length: 135 }, (_, index) => (index * 67) % 256),
};

/** Types of all chunks in order, read without the code under test. */
function chunkTypes(png: Uint8Array): string[] {
  const bytes = Buffer.from(png);
  const types = [];
  for (let offset = 8; offset < bytes.length; offset += 12 + bytes.readUInt32BE(offset)) {
    types.push(bytes.toString('latin1', offset + 4, offset + 8));
  }
  return types;
}

describe('pixelsToPng', () => {
  test('keeps every value and says that they are sRGB', async () => {
    const png = await pixelsToPng(pixels);
    expect(Buffer.from((await decodeImage(png)).data)).toEqual(Buffer.from(pixels.data));
    const types = chunkTypes(png);
    expect(types.slice(0, 3)).toEqual(['IHDR', 'sRGB', 'gAMA']);
    expect(types.at(-1)).toBe('IEND');
  });

  test('writes texts that another reader finds, beyond ASCII too', async () => {
    const texts = [
      { keyword: 'parameters', text: 'a fox, ink\nSteps: 20, Seed: 7' },
      { keyword: 'dediffusion', text: JSON.stringify({ text: 'Füchse 狐 🦊', seed: 7 }) },
    ];
    const png = await pixelsToPng(pixels, texts);
    expect((await sharp(png).metadata()).comments).toEqual(texts);
    expect(chunkTypes(png).indexOf('tEXt')).toBeLessThan(chunkTypes(png).indexOf('IDAT'));
    expect(chunkTypes(png)).toContain('iTXt');
  });

  test('adds to the texts that are there and replaces none', async () => {
    const first = await pixelsToPng(pixels, [{ keyword: 'parameters', text: 'first' }]);
    const second = writePngText(first, [{ keyword: 'parameters', text: 'second' }]);
    expect((await sharp(second).metadata()).comments?.map((comment) => comment.text)).toEqual(['first', 'second']);
  });

  test('the same input gives the same bytes', async () => {
    const texts = [{ keyword: 'parameters', text: 'same' }];
    expect(Buffer.from(await pixelsToPng(pixels, texts)).equals(Buffer.from(await pixelsToPng(pixels, texts)))).toBe(true);
  });

  test('refuses what is not a PNG and what is not a keyword', () => {
    expect(() => writePngText(Buffer.from('GIF89a'), [{ keyword: 'a', text: 'b' }])).toThrow(TypeError);
    return expect(pixelsToPng(pixels, [{ keyword: 'x'.repeat(80), text: '' }])).rejects.toThrow(RangeError);
  });
});
