import { defaultImageLimits } from '../image-limits.ts';
import type { ImageLimits } from '../image-limits.ts';
import { THUMBNAIL_SIDE } from '../thumbnail-form.ts';
import { openImage, readOpened } from './open-image.ts';

/**
 * A small WebP copy of a picture, upright, in sRGB, never enlarged.
 *
 * @throws StudioError as decodeImage
 */
export async function makeThumbnail(
  source: string | Uint8Array,
  limits: ImageLimits = defaultImageLimits,
  name?: string,
): Promise<Uint8Array> {
  const image = await openImage(source, limits, name);
  return readOpened(image, limits, () =>
    image.pipeline
      .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82, effort: 2 })
      .toBuffer(),
  );
}
