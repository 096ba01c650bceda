import { StudioError } from '../../../contract/errors.ts';
import type { Pixels } from '../../image/pixels.ts';

/** Brightness from which a pixel of a mask is white: half of 255, as diffusers' VaeImageProcessor binarises it. */
const leastWhite = 127.5;

/** For each pixel of a mask whether the picture is drawn anew there. Brightness is that of Pillow's "L", rounded as there. */
export function findWhite({ width, height, data }: Pixels): Uint8Array {
  const white = new Uint8Array(width * height);
  for (let pixel = 0; pixel < white.length; pixel += 1) {
    const [red = 0, green = 0, blue = 0] = [data[pixel * 3], data[pixel * 3 + 1], data[pixel * 3 + 2]];
    const brightness = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
    white[pixel] = brightness > leastWhite ? 1 : 0;
  }
  return white;
}

/**
 * A mask at the size of the latents [height, width]: 1 where they are drawn anew. Each takes the first of its pixels, as
 * `torch.nn.functional.interpolate` does in diffusers' inpainting pipelines.
 *
 * @throws StudioError `bad-request` for a mask that leaves everything as it is
 */
export function toLatentMask(white: Uint8Array, width: number, scaleFactor: number): Float32Array {
  const columns = width / scaleFactor;
  const rows = white.length / width / scaleFactor;
  const mask = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1)
      mask[row * columns + column] = white[row * scaleFactor * width + column * scaleFactor] ?? 0;
  }
  if (mask.includes(1)) return mask;
  if (white.includes(1)) {
    throw new StudioError(
      'bad-request',
      `The white of the mask is too fine: this model draws in squares of ${scaleFactor} pixels.`,
      'Paint a larger part of the mask white, or draw a larger picture.',
      { scaleFactor },
    );
  }
  throw blackMask();
}

export function blackMask(): StudioError {
  return new StudioError(
    'bad-request',
    'The mask is black all over, so nothing would be drawn anew.',
    'Paint white what is to be drawn anew, or leave the mask out.',
  );
}
