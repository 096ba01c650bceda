import { rgbaToThumbHash } from 'thumbhash';
import type { StoredImage } from '../../../contract/library.ts';
import type { PictureMediaType } from '../../../contract/picture-formats.ts';
import { defaultImageLimits } from '../image-limits.ts';
import type { ImageLimits } from '../image-limits.ts';
import { openImage, readOpened } from './open-image.ts';

/** What the library keeps about a picture's bytes. */
export type ImageFacts = Pick<StoredImage, 'width' | 'height' | 'thumbhash'> & { readonly mediaType: PictureMediaType };

/** thumbhash takes at most 100 × 100 pixels. */
const thumbnailSide = 100;

/**
 * Reads size (upright), format (by content) and thumbhash. The whole picture is decoded, so what enters the library
 * is known to open again.
 *
 * @throws StudioError as decodeImage
 */
export async function readImageFacts(
  source: string | Uint8Array,
  limits: ImageLimits = defaultImageLimits,
  name?: string,
): Promise<ImageFacts> {
  const image = await openImage(source, limits, name);
  return readOpened(image, limits, async () => {
    const { data, info } = await image.pipeline
      .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const thumbhash = Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64');
    return { width: image.width, height: image.height, mediaType: image.mediaType, thumbhash };
  });
}
