import type { PictureReader } from '../image/picture-reader.ts';
import { blackMask, findWhite } from '../text-to-image/masks/picture-mask.ts';

/**
 * A picture that another program drew, as the studio keeps its own: PNG, tagged sRGB, without texts. The same pixels give the same bytes.
 *
 * @throws StudioError as PictureReader does
 */
export async function toOwnPng(pictures: PictureReader, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  const name = 'The picture that came back';
  const { width, height } = await pictures.readFacts(bytes, { name, signal });
  const pixels = await pictures.fit(bytes, { width, height, resample: 'bicubic', fit: 'stretch' }, { name, signal });
  return pictures.encodePng(pixels, { signal });
}

/** A picture to start from, as it goes out: of the size asked for, the middle of it, without anything the file says beside. */
export async function toStartPng(
  pictures: PictureReader,
  source: string,
  { width, height }: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pixels = await pictures.fit(source, { width, height, resample: 'lanczos', fit: 'crop' }, { signal });
  return pictures.encodePng(pixels, { signal });
}

/**
 * The mask of such a picture, cut as that is.
 * @throws StudioError `bad-request` for one that is black all over
 */
export async function toMaskPng(
  pictures: PictureReader,
  source: string,
  { width, height }: { readonly width: number; readonly height: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const pixels = await pictures.fit(source, { width, height, resample: 'lanczos', fit: 'crop' }, { signal });
  if (!findWhite(pixels).includes(1)) throw blackMask();
  return pictures.encodePng(pixels, { signal });
}
