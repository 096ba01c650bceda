import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StudioError } from '../../../../contract/errors.ts';
import { decodeImage } from '../../../../main/image/decode/decode-image.ts';
import { defaultImageLimits } from '../../../../main/image/image-limits.ts';

/** 40 × 20, left half red, right half blue, so that turning and mirroring show. */
const halves = Buffer.from(
  Array.from({ length: 40 * 20 }, (_, index) => (index % 40 < 20 ? [220, 20, 20] : [20, 20, 220])).flat(),
);
const picture = (): Sharp => sharp(halves, { raw: { width: 40, height: 20, channels: 3 } });

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decode-image-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function failure(source: string | Uint8Array, limits = defaultImageLimits): Promise<StudioError> {
  const error: unknown = await decodeImage(source, limits).then(
    () => new Error('it decoded'),
    (cause: unknown) => cause,
  );
  if (!(error instanceof StudioError)) throw error;
  expect(error.hint).not.toBe('');
  return error;
}

function pixelAt(pixels: { width: number; data: Uint8Array }, x: number, y: number): number[] {
  return [...pixels.data.subarray((y * pixels.width + x) * 3, (y * pixels.width + x) * 3 + 3)];
}

describe('what it decodes', () => {
  test.each([
    ['png', () => picture().png()],
    ['palette png', () => picture().png({ palette: true })],
    ['16-bit png', () => picture().toColourspace('rgb16').png()],
    ['jpeg', () => picture().jpeg({ quality: 100, chromaSubsampling: '4:4:4' })],
    ['webp', () => picture().webp({ lossless: true })],
    ['gif', () => picture().gif()],
    ['tiff', () => picture().tiff()],
    ['avif', () => picture().avif({ quality: 90, chromaSubsampling: '4:4:4' })],
  ])('%s to the same colours', async (_, encode) => {
    const pixels = await decodeImage(await encode().toBuffer());
    expect([pixels.width, pixels.height, pixels.channels, pixels.data.length]).toEqual([40, 20, 3, 2400]);
    for (const [x, expected] of [
      [5, [220, 20, 20]],
      [35, [20, 20, 220]],
    ] as const) {
      pixelAt(pixels, x, 10).forEach((value, channel) => expect(Math.abs(value - (expected[channel] ?? 0))).toBeLessThan(8));
    }
  });

  test('a greyscale picture, 8 and 16 bits, as three equal channels', async () => {
    for (const space of ['b-w', 'grey16']) {
      const pixels = await decodeImage(await picture().toColourspace(space).png().toBuffer());
      const [red, green, blue] = pixelAt(pixels, 5, 5);
      expect(pixels.data.length).toBe(2400);
      expect([green, blue]).toEqual([red, red]);
    }
  });

  test('CMYK as sRGB', async () => {
    const jpeg = await picture().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(jpeg).metadata()).space).toBe('cmyk');
    const [red = 0, green = 0, blue = 0] = pixelAt(await decodeImage(jpeg), 5, 10);
    expect(red).toBeGreaterThan(150);
    expect(Math.max(green, blue)).toBeLessThan(80);
  });

  test('a Display P3 picture in sRGB, not as its raw numbers', async () => {
    const png = await picture().withIccProfile('p3').png().toBuffer();
    const raw = pixelAt({ width: 40, data: await sharp(png).keepIccProfile().raw().toBuffer() }, 5, 5);
    const [red = 0] = pixelAt(await decodeImage(png), 5, 5);
    expect(Math.abs(red - 220)).toBeLessThan(3);
    expect(raw).not.toEqual(pixelAt(await decodeImage(png), 5, 5));
  });

  test('turned upright by EXIF', async () => {
    const jpeg = await picture().withMetadata({ orientation: 6 }).jpeg({ quality: 100 }).toBuffer();
    const pixels = await decodeImage(jpeg);
    expect([pixels.width, pixels.height]).toEqual([20, 40]);
    expect(pixelAt(pixels, 10, 5)[0]).toBeGreaterThan(180);
    expect(pixelAt(pixels, 10, 35)[2]).toBeGreaterThan(180);
  });

  test('alpha on white', async () => {
    const clear = sharp({ create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
    expect([...(await decodeImage(await clear.png().toBuffer())).data.subarray(0, 3)]).toEqual([255, 255, 255]);
  });

  test('the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(8 * 8 * 3, 200), Buffer.alloc(8 * 8 * 3, 10)]);
    const gif = await sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
      .gif()
      .toBuffer();
    expect((await sharp(gif, { animated: true }).metadata()).pages).toBe(2);
    const pixels = await decodeImage(gif);
    expect([pixels.width, pixels.height, pixels.data[0]]).toEqual([8, 8, 200]);
  });

  test('a misnamed file, by its content', async () => {
    const path = join(folder, 'really-a-png.jpg');
    await writeFile(path, await picture().png().toBuffer());
    expect((await decodeImage(path)).width).toBe(40);
  });
});

describe('what it refuses', () => {
  test('an empty file', async () => {
    expect(await failure(new Uint8Array())).toMatchObject({
      code: 'image-unreadable',
      message: expect.stringContaining('0 bytes') as string,
    });
  });

  test('text under a picture name, naming the file without its folder', async () => {
    const path = join(folder, 'notes.png');
    await writeFile(path, 'not a picture at all');
    const error = await failure(path);
    expect(error.code).toBe('image-unreadable');
    expect(error.message).toContain('notes.png');
    expect(error.message).not.toContain(folder);
  });

  test.each([0.02, 0.3, 0.7, 0.95])('a file cut at %d of its length', async (share) => {
    for (const encoded of [
      picture().resize(400, 300).jpeg(),
      picture().resize(400, 300).png(),
      picture().resize(400, 300).webp(),
    ]) {
      const bytes = await encoded.toBuffer();
      expect((await failure(bytes.subarray(0, Math.floor(bytes.length * share)))).code).toBe('image-unreadable');
    }
  });

  test.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['SVG', '\ufeff  <?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg width="9" height="9"></svg>'],
    ['PDF', '%PDF-1.7 and so on'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['BMP', 'BM and so on'],
  ])('%s, by name', async (format, text) => {
    const error = await failure(Buffer.from(text));
    expect(error.code).toBe('image-unsupported');
    expect(error.message).toContain(format);
  });

  test('too many bytes, before reading them', async () => {
    const path = join(folder, 'heavy.png');
    await writeFile(path, await picture().png().toBuffer());
    expect((await failure(path, { ...defaultImageLimits, maxBytes: 20 })).code).toBe('image-too-large');
  });

  test('too many pixels, before decoding them', async () => {
    const png = await picture().png().toBuffer();
    // The header of a picture of 100,000 × 100,000: width and height are bytes 16 to 23.
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(100_000, 16);
    bomb.writeUInt32BE(100_000, 20);
    expect((await failure(png, { ...defaultImageLimits, maxPixels: 799 })).code).toBe('image-too-large');
    expect((await failure(fixHeader(bomb))).code).toBe('image-too-large');
  });

  test('too small for the pack', async () => {
    expect((await failure(await picture().png().toBuffer(), { ...defaultImageLimits, minSide: 32 })).code).toBe(
      'image-too-small',
    );
  });

  test('a missing file and a folder', async () => {
    expect((await failure(join(folder, 'nowhere.png'))).code).toBe('file-unreadable');
    expect((await failure(folder)).code).toBe('file-unreadable');
  });
});

function fixHeader(png: Buffer): Buffer {
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}
