import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Writes `count` different 256 × 256 JPEG files, turned and tinted from the samples, and returns their paths. */
export async function makePictures(samples: readonly string[], folder: string, count: number): Promise<string[]> {
  const paths: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const sample = samples[index % samples.length];
    if (sample === undefined) throw new Error('The pack has no samples.');
    const path = join(folder, `${String(index).padStart(4, '0')}.jpg`);
    await sharp(sample)
      .removeAlpha()
      .resize(256, 256)
      .modulate({ hue: (index * 37) % 360, brightness: 0.8 + (index % 5) * 0.1 })
      .rotate((index % 4) * 90)
      .jpeg({ quality: 90 })
      .toFile(path);
    paths.push(path);
  }
  return paths;
}

/** Side of the small pictures, in pixels. */
const smallSide = 64;

/** Writes `count` small PNG files, no two alike: a tint and a bar whose place is the number. Decoding them costs little beside a model. */
export async function makeSmallPictures(folder: string, count: number): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const pixels = Buffer.alloc(smallSide * smallSide * 3);
  const paths: string[] = [];
  for (let number = 0; number < count; number += 1) {
    for (let at = 0; at < smallSide * smallSide; at += 1) {
      const inBar = Math.floor(at / smallSide) >= number % smallSide && at % smallSide < 8 + (number % 40);
      pixels.set([(number * 7) % 256, inBar ? 220 : 40, (number >> 6) % 256], at * 3);
    }
    const path = join(folder, `${String(number).padStart(5, '0')}.png`);
    await sharp(pixels, { raw: { width: smallSide, height: smallSide, channels: 3 } })
      .png({ compressionLevel: 1 })
      .toFile(path);
    paths.push(path);
  }
  return paths;
}
