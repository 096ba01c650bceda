import sharp from 'sharp';
import type { RandomChoice } from '../random-choice.ts';

const side = 32;

/** A PNG of noise that no other choice gives. */
export function paintPicture(choice: RandomChoice): Promise<Buffer> {
  const data = Uint8Array.from({ length: side * side * 3 }, () => choice.below(256));
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
