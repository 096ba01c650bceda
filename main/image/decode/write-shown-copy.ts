import { writeFile } from 'node:fs/promises';
import { toStorageError } from '../../storage/to-storage-error.ts';
import { defaultImageLimits } from '../image-limits.ts';
import type { ImageLimits } from '../image-limits.ts';
import { tagSrgb } from './pixels-to-png.ts';
import { openImage, readOpened } from './open-image.ts';

/**
 * Writes what the studio reads in a picture as a PNG that every browser shows alike, to `target`: upright, sRGB, alpha on white. A
 * picture that browsers show so anyway is not written.
 *
 * @returns whether it was written
 * @throws StudioError as decodeImage; disk-full, file-unwritable
 */
export async function writeShownCopy(
  source: string | Uint8Array,
  target: string,
  limits: ImageLimits = defaultImageLimits,
  name?: string,
): Promise<boolean> {
  const image = await openImage(source, limits, name);
  if (image.showsAsRead) return false;
  // Made once and read on this machine: quick to write matters more than small.
  const png = await readOpened(image, limits, () => image.pipeline.png({ compressionLevel: 2 }).toBuffer());
  try {
    await writeFile(target, tagSrgb(png));
  } catch (cause) {
    throw toStorageError(cause, target);
  }
  return true;
}
