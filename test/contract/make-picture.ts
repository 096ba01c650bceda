import sharp from 'sharp';

/** A PNG of one colour. */
export function makePicture(side: number, colour: { r: number; g: number; b: number }): Promise<Buffer> {
  return sharp({ create: { width: side, height: side, channels: 3, background: colour } })
    .png()
    .toBuffer();
}
