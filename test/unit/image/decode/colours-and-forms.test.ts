import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../../main/image/decode/decode-image.ts';
import type { Pixels } from '../../../../main/image/pixels.ts';
import { readTiffPages } from '../../../../main/image/decode/read-tiff-pages.ts';

/** Small files as people's programs and cameras write them; all show the four colours of base-8bit.png. */
const folder = join(import.meta.dirname, '../../../fixtures/images/cases');
const wanted = [200, 40, 40, 40, 160, 60, 40, 60, 200, 180, 180, 180];

/** The colour in the middle of each quarter. */
function quarters({ data, width, height }: Pixels): number[] {
  return [1, 3].flatMap((row) =>
    [1, 3].flatMap((column) => {
      const start = (Math.floor((row * height) / 4) * width + Math.floor((column * width) / 4)) * 3;
      return [...data.subarray(start, start + 3)];
    }),
  );
}

function expectColours(pixels: Pixels): void {
  const found = quarters(pixels);
  expect(
    found.every((value, index) => Math.abs(value - (wanted[index] ?? -99)) <= 2),
    found.join(' '),
  ).toBe(true);
}

const sixteen = async (): Promise<Sharp> =>
  sharp(await readFile(join(folder, 'rgb16-srgb-icc.png')))
    .pipelineColourspace('rgb16')
    .toColourspace('rgb16');

/** A TIFF whose directory holds just these tags, each one 32-bit number; its pixels do not matter. */
function tiffOf(...pages: readonly (readonly (readonly [number, number])[])[]): Uint8Array {
  const sizes = pages.map((page) => 2 + page.length * 12 + 4);
  const bytes = Buffer.alloc(8 + sizes.reduce((sum, size) => sum + size, 0));
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(8, 4);
  let offset = 8;
  pages.forEach((page, index) => {
    bytes.writeUInt16LE(page.length, offset);
    page.forEach(([tag, value], entry) => {
      const place = offset + 2 + entry * 12;
      bytes.writeUInt16LE(tag, place);
      bytes.writeUInt16LE(4, place + 2);
      bytes.writeUInt32LE(1, place + 4);
      bytes.writeUInt32LE(value, place + 8);
    });
    offset += sizes[index] ?? 0;
    bytes.writeUInt32LE(index < pages.length - 1 ? offset : 0, offset - 4);
  });
  return bytes;
}

describe('colours of 16-bit pictures with a profile', () => {
  it('are those of the same picture in 8 bits', async () => {
    expectColours(await decodeImage(join(folder, 'rgb16-srgb-icc.png')));
  });

  it.each(['srgb', 'p3'])('hold for PNG and TIFF with the profile %s, with and without alpha', async (profile) => {
    expectColours(await decodeImage(await (await sixteen()).withIccProfile(profile).png().toBuffer()));
    expectColours(await decodeImage(await (await sixteen()).withIccProfile(profile).tiff().toBuffer()));
    expectColours(await decodeImage(await (await sixteen()).ensureAlpha(1).withIccProfile(profile).png().toBuffer()));
  });
});

describe('a channel beyond the colours', () => {
  it('is no alpha where the file does not say so', async () => {
    expectColours(await decodeImage(join(folder, 'rgb-selection.tif')));
  });

  it('is alpha where the file says so', async () => {
    const half = await sharp(join(folder, 'base-8bit.png')).ensureAlpha(0).tiff({ compression: 'lzw' }).toBuffer();
    expect(quarters(await decodeImage(half))).toEqual(Array.from({ length: 12 }, () => 255));
  });
});

describe('what every browser shows', () => {
  it('is read: a JPEG without its end mark, an animation named avis', async () => {
    expectColours(await decodeImage(join(folder, 'no-end-mark.jpg')));
    expectColours(await decodeImage(join(folder, 'animated.avif')));
  });

  it('but a JPEG whose rows are missing is told as not complete', async () => {
    const whole = await readFile(join(folder, 'no-end-mark.jpg'));
    const cut = whole.subarray(0, whole.length - 60);
    await expect(decodeImage(cut)).rejects.toMatchObject({ code: 'image-unreadable' });
  });
});

describe('numbers that are no 8- or 16-bit colours', () => {
  it('are refused by name', async () => {
    await expect(decodeImage(join(folder, 'grey-float.tif'))).rejects.toMatchObject({
      code: 'image-unsupported',
      message: 'grey-float.tif is a TIFF of 32-bit floating-point numbers, which the studio does not open.',
    });
    for (const page of [
      [
        [258, 8],
        [262, 8],
      ],
      [
        [258, 32],
        [262, 1],
      ],
      [
        [258, 16],
        [262, 1],
        [339, 2],
      ],
    ] as const) {
      await expect(decodeImage(tiffOf(page))).rejects.toMatchObject({ code: 'image-unsupported' });
    }
  });
});

describe('a camera raw file', () => {
  it('is told as one, by its preview or by what it says', async () => {
    await expect(decodeImage(join(folder, 'raw-preview.dng'))).rejects.toMatchObject({
      code: 'image-unsupported',
      message: 'raw-preview.dng is a camera raw file, which the studio does not open.',
    });
    for (const page of [
      [
        [254, 1],
        [258, 8],
        [262, 2],
      ], // NEF, ARW: the only page is a preview
      [
        [50706, 0x0401],
        [258, 8],
        [262, 2],
      ], // DNG
      [
        [258, 14],
        [262, 32803],
      ], // PEF and other sensor values
      [
        [258, 8],
        [259, 34713],
        [262, 2],
      ],
    ] as const) {
      await expect(decodeImage(tiffOf(page))).rejects.toMatchObject({ details: { format: 'a camera raw file' } });
    }
    const canon = Buffer.concat([
      Buffer.from('II*\0\x10\0\0\0CR\x02\0', 'latin1'),
      Buffer.alloc(4),
      tiffOf([[258, 8]]).subarray(8),
    ]);
    await expect(decodeImage(canon)).rejects.toMatchObject({ details: { format: 'a camera raw file' } });
    for (const mark of ['IIRO', 'IIU\0', 'FUJIFILMCCD-RAW ', '\0\0\0\x18ftypcrx \0\0\0\x01crx isom']) {
      await expect(decodeImage(Buffer.from(mark.padEnd(64, '\0'), 'latin1'))).rejects.toMatchObject({
        details: { format: 'a camera raw file' },
      });
    }
  });

  it('is not every TIFF with a small first page', () => {
    const pages = readTiffPages(
      tiffOf(
        [
          [254, 1],
          [258, 8],
        ],
        [
          [254, 0],
          [258, 8],
          [262, 2],
        ],
      ),
    );
    expect(pages.map((page) => page.isReduced)).toEqual([true, false]);
    expect(pages.some((page) => page.isRaw)).toBe(false);
  });
});

describe('readTiffPages', () => {
  it('ends where the file ends, in a circle too', () => {
    const round = Buffer.from(tiffOf([[258, 8]]));
    round.writeUInt32LE(8, round.length - 4);
    expect(readTiffPages(round)).toHaveLength(1);
    for (let length = 0; length < round.length; length++) expect(() => readTiffPages(round.subarray(0, length))).not.toThrow();
  });
});
