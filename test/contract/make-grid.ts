import sharp from 'sharp';
import { writePngText } from '../../main/image/write-png-text.ts';
import { makePicture } from './make-picture.ts';

/** Four colours, two and two, with a description as Midjourney writes it. */
export async function makeGrid(description: string): Promise<Buffer> {
  const colours = [0, 60, 120, 180].map((red) => ({ r: red, g: 200 - red, b: 40 }));
  const parts = await Promise.all(colours.map((colour) => makePicture(64, colour)));
  const places = parts.map((input, at) => ({ input, left: (at % 2) * 64, top: Math.floor(at / 2) * 64 }));
  const bytes = await sharp({ create: { width: 128, height: 128, channels: 3, background: '#000' } })
    .composite(places)
    .png()
    .toBuffer();
  return description === '' ? bytes : Buffer.from(writePngText(bytes, [{ keyword: 'Description', text: description }]));
}
