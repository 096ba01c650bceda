import { defaultImageLimits } from '../image-limits.ts';
import type { ImageLimits } from '../image-limits.ts';
import { openImage, readOpened } from './open-image.ts';
import type { Pixels } from '../pixels.ts';

/**
 * A picture file becomes pixels: upright, 8-bit sRGB, alpha on white, first frame.
 *
 * @param source path, or the bytes of a file
 * @throws StudioError image-unreadable (empty, corrupt, truncated, not an image), image-unsupported (SVG, HEIC, …),
 *   image-too-large, file-unreadable, memory-exceeded
 */
export async function decodeImage(source: string | Uint8Array, limits: ImageLimits = defaultImageLimits): Promise<Pixels> {
  const image = await openImage(source, limits);
  return readOpened(image, limits, async () => {
    const { data, info } = await image.pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: 3, data };
  });
}
