import { readFile, readdir } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import type { Sharp } from 'sharp';

export interface ColourVariant {
  readonly name: string;
  readonly bytes: Buffer;
}

const width = 48;
const height = 32;
const formats = ['png', 'jpeg', 'jpeg 4:4:4', 'webp', 'webp lossless', 'gif', 'tiff', 'avif', 'avif 4:4:4'] as const;
type Format = (typeof formats)[number];
const depths = [8, 16] as const;
const profiles = ['none', 'srgb', 'p3', 'cmyk'] as const;
type Profile = (typeof profiles)[number];
const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Hues, greys, darks and a soft edge, 8 bits a channel; 16 bits by the same numbers and something between. */
function paint(channels: 3 | 4, depth: 8 | 16): Uint8Array | Uint16Array {
  const data = depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels);
  const scale = depth === 8 ? 1 : 257;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / (width - 1), y / (height - 1)];
      const colour = y < 8 ? [u, u, u] : y < 16 ? [u, 1 - u, v] : [0.5 + 0.5 * Math.sin(6 * u), v, 0.2 + 0.3 * u];
      const place = (y * width + x) * channels;
      colour.forEach((value, channel) => (data[place + channel] = Math.round(value * 255) * scale));
      if (channels === 4) data[place + 3] = Math.round(Math.min(1, 0.25 + u) * 255) * scale;
    }
  }
  return data;
}

function encode(image: Sharp, format: Format): Sharp {
  switch (format) {
    case 'png':
      return image.png();
    case 'jpeg':
      return image.jpeg({ quality: 92 });
    case 'jpeg 4:4:4':
      return image.jpeg({ quality: 92, chromaSubsampling: '4:4:4' });
    case 'webp':
      return image.webp({ quality: 90 });
    case 'webp lossless':
      return image.webp({ lossless: true });
    case 'gif':
      return image.gif();
    case 'tiff':
      return image.tiff({ compression: 'lzw' });
    case 'avif':
      return image.avif({ quality: 80, chromaSubsampling: '4:2:0' });
    case 'avif 4:4:4':
      return image.avif({ quality: 90, chromaSubsampling: '4:4:4' });
  }
}

/** What a format cannot hold is left out. */
function isPossible(format: Format, depth: number, profile: Profile, alpha: boolean, orientation: number): boolean {
  const isJpeg = format.startsWith('jpeg');
  if (depth === 16 && format !== 'png' && format !== 'tiff') return false;
  if (alpha && (isJpeg || profile === 'cmyk')) return false;
  if (profile === 'cmyk') return (isJpeg || format === 'tiff') && depth === 8;
  return format !== 'gif' || (profile === 'none' && orientation === 1);
}

/** Every format × depth × profile × orientation × alpha that can be written here, and PNGs with each chunk that says something of colours. */
export async function* makeColourVariants(): AsyncGenerator<ColourVariant> {
  for (const format of formats)
    for (const depth of depths)
      for (const profile of profiles)
        for (const alpha of [false, true])
          for (const orientation of orientations) {
            if (!isPossible(format, depth, profile, alpha, orientation)) continue;
            const name = `${format}, ${depth} bits, profile ${profile}, ${alpha ? 'alpha' : 'opaque'}, orientation ${orientation}`;
            yield { name, bytes: await makeVariant(format, depth, profile, alpha, orientation) };
          }
  yield* makeOtherVariants();
  yield* makePngVariants();
  yield* readCases();
}

async function makeVariant(
  format: Format,
  depth: 8 | 16,
  profile: Profile,
  alpha: boolean,
  orientation: number,
): Promise<Buffer> {
  const channels = alpha ? 4 : 3;
  let image = sharp(paint(channels, depth), { raw: { width, height, channels } });
  if (depth === 16) image = image.toColourspace('rgb16');
  if (profile === 'cmyk') image = image.toColourspace('cmyk');
  if (profile !== 'none') image = image.withIccProfile(profile);
  if (orientation !== 1) image = image.withMetadata({ orientation });
  return encode(image, format).toBuffer();
}

/** Forms that cannot be had by crossing the others: greys, palettes, other numbers of bits, other spaces. */
async function* makeOtherVariants(): AsyncGenerator<ColourVariant> {
  const colour = (): Sharp => sharp(paint(3, 8), { raw: { width, height, channels: 3 } });
  const grey = (): Sharp => colour().toColourspace('b-w');
  const greyWithAlpha = (): Sharp => sharp(paint(4, 8), { raw: { width, height, channels: 4 } }).toColourspace('b-w');
  const forms: Readonly<Record<string, () => Sharp>> = {
    'png of greys': () => grey().png(),
    'png of greys, 16 bits': () => colour().toColourspace('grey16').png(),
    'png of greys with alpha': () => greyWithAlpha().png(),
    'png with a palette': () => colour().png({ palette: true, colours: 64 }),
    'png of one bit': () => grey().png({ palette: true, colours: 2 }),
    'png, interlaced': () => colour().png({ progressive: true }),
    'jpeg of greys': () => grey().jpeg(),
    'jpeg, progressive': () => colour().jpeg({ progressive: true }),
    'tiff of greys': () => grey().tiff(),
    'tiff of greys, 16 bits': () => colour().toColourspace('grey16').tiff(),
    'tiff of greys with alpha': () => greyWithAlpha().tiff(),
    'tiff of one bit': () => grey().tiff({ compression: 'ccittfax4', bitdepth: 1 }),
    'tiff of JPEG': () => colour().tiff({ compression: 'jpeg' }),
    'tiff of CIELab': () => colour().toColourspace('lab').tiff(),
    'tiff of floats': () => colour().toColourspace('scrgb').tiff(),
    'tiff in tiles, deflate': () => colour().tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 }),
    'avif of 10 bits': () => colour().avif({ bitdepth: 10 }),
    'avif of 12 bits': () => colour().avif({ bitdepth: 12 }),
    'avif of greys': () => grey().avif(),
    'webp of greys': () => grey().webp(),
  };
  for (const [name, make] of Object.entries(forms)) {
    const bytes = await make()
      .toBuffer()
      .catch(() => null);
    // The library that writes them has no encoder for it on every machine.
    if (bytes !== null) yield { name, bytes };
  }
}

/** Files as people's programs and cameras write them. */
async function* readCases(): AsyncGenerator<ColourVariant> {
  const cases = new URL('../../../test/fixtures/images/cases/', import.meta.url);
  for (const name of (await readdir(cases)).sort()) yield { name, bytes: await readFile(new URL(name, cases)) };
}

async function* makePngVariants(): AsyncGenerator<ColourVariant> {
  const png = await sharp(paint(3, 8), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const gamma = (value: number): Buffer => {
    const data = Buffer.alloc(4);
    data.writeUInt32BE(Math.round(value * 100_000));
    return data;
  };
  const chromaticities = Buffer.alloc(32);
  [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000].forEach((value, index) =>
    chromaticities.writeUInt32BE(value, index * 4),
  );
  const chunks: Record<string, readonly (readonly [string, Buffer])[]> = {
    'gAMA 1': [['gAMA', gamma(1)]],
    'gAMA 1/2.2': [['gAMA', gamma(0.45455)]],
    'gAMA 1/1.8': [['gAMA', gamma(0.55556)]],
    'cHRM of P3': [['cHRM', chromaticities]],
    'gAMA and cHRM': [
      ['gAMA', gamma(0.45455)],
      ['cHRM', chromaticities],
    ],
    'sRGB over gAMA': [
      ['sRGB', Buffer.from([0])],
      ['gAMA', gamma(1)],
    ],
    'cICP of sRGB': [['cICP', Buffer.from([1, 13, 0, 1])]],
    'cICP of P3': [['cICP', Buffer.from([12, 13, 0, 1])]],
    'cICP of PQ': [['cICP', Buffer.from([9, 16, 0, 1])]],
  };
  for (const [name, added] of Object.entries(chunks))
    yield { name: `png with ${name}`, bytes: Buffer.concat([png.subarray(0, 33), ...added.map(frame), png.subarray(33)]) };
}

function frame([type, data]: readonly [string, Buffer]): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
