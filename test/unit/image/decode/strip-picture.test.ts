import sharp from 'sharp';
import { expect, test } from 'vitest';
import { readPictureTexts } from '../../../../main/image/decode/read-picture-texts.ts';
import { sniffImage } from '../../../../main/image/decode/sniff-image.ts';
import { stripPicture } from '../../../../main/image/decode/strip-picture.ts';
import { readMetadata } from '../../../../main/metadata/read-metadata.ts';
import { exifBlock, jpegWith, pngWith, unicodeComment, webpWith } from '../../../helpers/metadata-files.ts';
import { writtenFiles } from '../../metadata/written-by-tools.ts';

function strip(bytes: Uint8Array) {
  const sniffed = sniffImage(bytes);
  if (sniffed.kind !== 'supported') throw new Error('no picture');
  const { mediaType } = sniffed;
  const stripped = stripPicture(bytes, mediaType, 'fox');
  return { ...stripped, texts: readPictureTexts(stripped.bytes, mediaType) };
}
const pixelsOf = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();

test.each(writtenFiles)('$name: nothing is left, and every pixel is', async ({ make }) => {
  const bytes = await make();
  const { texts, removed, bytes: stripped } = strip(bytes);
  expect(readMetadata(texts)).toEqual({ metadata: null, problems: [] });
  expect(texts.texts.filter(({ text }) => /fox|cat|lighthouse/.test(text))).toEqual([]);
  expect(Buffer.from(stripped).toString('latin1')).not.toMatch(/fox|lighthouse|f\0o\0x/);
  expect(removed.length).toBeGreaterThan(0);
  expect(await pixelsOf(stripped)).toEqual(await pixelsOf(bytes));
  const { exif, xmp, iptc } = await sharp(stripped).metadata();
  expect(Buffer.concat([exif, xmp, iptc].flatMap((block) => block ?? [])).toString('latin1')).not.toContain('fox');
});

test('a picture stays the way up it was, and keeps its colours', async () => {
  const exif = exifBlock({ orientation: 6, comment: unicodeComment('a fox') });
  const upright = await Promise.all([jpegWith({ exif, comment: 'a fox' }), webpWith(exif)]);
  for (const bytes of upright) {
    const { bytes: stripped } = strip(bytes);
    expect((await sharp(stripped).metadata()).orientation).toBe(6);
    expect(Buffer.from(stripped).includes('fox')).toBe(false);
    expect(await sharp(stripped).autoOrient().raw().toBuffer()).toEqual(await sharp(bytes).autoOrient().raw().toBuffer());
  }
  const wide = sharp({ create: { width: 8, height: 8, channels: 3, background: '#a04020' } }).withIccProfile('p3');
  for (const bytes of await Promise.all([
    wide.clone().png().toBuffer(),
    wide.clone().jpeg().toBuffer(),
    wide.clone().webp().toBuffer(),
  ]))
    expect((await sharp(strip(bytes).bytes).metadata()).icc).toEqual((await sharp(bytes).metadata()).icc);
});

test('what lies behind the end of a picture goes', async () => {
  const hidden = Buffer.from('a fox');
  const files = await Promise.all([pngWith([]), jpegWith({}), webpWith(exifBlock({}))]);
  for (const bytes of files) {
    const { bytes: stripped, removed } = strip(Buffer.concat([bytes, hidden]));
    expect(Buffer.from(stripped).includes(hidden)).toBe(false);
    expect(removed).toContain('data behind the picture');
  }
});

test('a file that is cut off is told and not half written', async () => {
  const files = await Promise.all([pngWith([['parameters', 'a fox']]), jpegWith({ comment: 'a fox' })]);
  for (const bytes of files) expect(() => strip(bytes.subarray(0, 60))).toThrow('fox is cut off or damaged.');
  expect(() => stripPicture(Buffer.from('GIF89a'), 'image/gif', 'fox')).toThrow(
    'of a form that the studio takes no texts out of',
  );
});

test('a progressive picture without an end mark is read as before', async () => {
  const whole = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#a04020' } })
    .jpeg({ progressive: true })
    .toBuffer();
  expect(await pixelsOf(strip(whole).bytes)).toEqual(await pixelsOf(whole));
  expect(await pixelsOf(strip(whole.subarray(0, -2)).bytes)).toEqual(await pixelsOf(whole));
});
