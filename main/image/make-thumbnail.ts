import { explainImageFailure } from './explain-image-failure.ts';
import { defaultImageLimits } from './image-limits.ts';
import { openImage } from './open-image.ts';

/** Pixels of the longer side: a grid's largest cell on a screen of one and a half pixels a point. */
export const THUMBNAIL_SIDE = 384;

export const THUMBNAIL_MEDIA_TYPE = 'image/webp';

/**
 * A small WebP copy of a picture, upright, in sRGB, never enlarged.
 *
 * @throws StudioError as decodeImage
 */
export async function makeThumbnail(source: string | Uint8Array): Promise<Uint8Array> {
  const image = await openImage(source, defaultImageLimits);
  try {
    return await image.pipeline
      .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82, effort: 2 })
      .toBuffer();
  } catch (cause) {
    throw explainImageFailure(image.name, cause, defaultImageLimits);
  }
}
