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
