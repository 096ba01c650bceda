import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

/** One of a row of different pictures, as PNG. */
export function makeNumberedPicture(number: number): Promise<Buffer> {
  const background = { r: (37 * number) % 256, g: 120, b: (255 - 23 * number) & 255 };
  return sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer();
}

/** A folder `Holiday` in a temporary one: `picture 1.png` and on, one in a folder within, a file that is no picture, and notes. */
export async function makePictureFolder(pictures: number): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'dediffusion-pictures-')), 'Holiday');
  await mkdir(join(folder, 'beach'), { recursive: true });
  for (let number = 1; number <= pictures; number += 1) {
    const inner = number === pictures ? 'beach' : '';
    await writeFile(join(folder, inner, `picture ${number}.png`), await makeNumberedPicture(number));
  }
  await writeFile(join(folder, 'broken.png'), 'this is no picture');
  await writeFile(join(folder, 'notes.txt'), 'not for reading');
  return folder;
}
