import { readFile, readdir } from 'node:fs/promises';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { RandomChoice } from '../random-choice.ts';

export interface PictureSeed {
  readonly name: string;
  readonly bytes: Buffer;
}

const [width, height] = [48, 40];
/** Files as people's programs and cameras write them. */
const cases = new URL('../../../test/fixtures/images/cases/', import.meta.url);

function paint(channels: 3 | 4, pages = 1): Sharp {
  const choice = new RandomChoice(3);
  const data = Buffer.from(
    Array.from({ length: width * height * pages * channels }, (_, index) => (index % (width * 3)) + choice.below(60)),
  );
  return sharp(data, { raw: { width, height: height * pages, channels, ...(pages > 1 ? { pageHeight: height } : {}) } });
}

const tagged = (image: Sharp): Sharp =>
  image
    .withMetadata({ orientation: 6 })
    .withExif({ IFD0: { Copyright: 'nobody' } })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');

/** Every format the studio opens, in the forms that are read by other code each. */
const makers: Readonly<Record<string, () => Sharp>> = {
  png: () => paint(3).png(),
  'png with alpha': () => paint(4).png(),
  'png of 16 bits': () => paint(3).toColourspace('rgb16').png(),
  'png with a palette': () => paint(3).png({ palette: true, colours: 16 }),
  'png, interlaced': () => paint(3).png({ progressive: true }),
  'png with texts and a profile': () => tagged(paint(3)).withIccProfile('p3').png(),
  jpeg: () => paint(3).jpeg(),
  'jpeg, progressive': () => paint(3).jpeg({ progressive: true }),
  'jpeg with texts': () => tagged(paint(3)).jpeg(),
  'jpeg of CMYK': () => paint(3).toColourspace('cmyk').withIccProfile('cmyk').jpeg(),
  webp: () => paint(3).webp(),
  'webp, lossless, with alpha': () => paint(4).webp({ lossless: true }),
  'webp with texts': () => tagged(paint(3)).webp(),
  'webp, animated': () => paint(3, 3).webp({ loop: 0, delay: [100, 100, 100] }),
  gif: () => paint(3).gif(),
  'gif, animated': () => paint(3, 3).gif({ loop: 0, delay: [100, 100, 100] }),
  'tiff, packed': () => paint(3).withIccProfile('p3').tiff({ compression: 'lzw' }),
  'tiff of JPEG': () => paint(3).tiff({ compression: 'jpeg' }),
  'tiff in tiles of 16 bits': () =>
    paint(3).toColourspace('rgb16').tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 }),
  'tiff of one bit': () => paint(3).toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }),
  'tiff, pyramid': () => tagged(paint(3)).tiff({ pyramid: true, tile: true, tileWidth: 16, tileHeight: 16 }),
  avif: () => paint(3).avif({ effort: 0 }),
  'avif with alpha': () => paint(4).avif({ effort: 0 }),
};

export async function makePictureSeeds(): Promise<readonly PictureSeed[]> {
  const names = await readdir(cases);
  return Promise.all([
    ...Object.entries(makers).map(async ([name, make]) => ({ name, bytes: await make().toBuffer() })),
    ...names.sort().map(async (name) => ({ name, bytes: await readFile(new URL(name, cases)) })),
  ]);
}
