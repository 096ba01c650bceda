import sharp from 'sharp';
import type { KernelEnum, Sharp } from 'sharp';
import type { ImageInput } from '../../../contract/models/pack.ts';
import { defaultImageLimits } from '../image-limits.ts';
import type { ImageLimits } from '../image-limits.ts';
import { openImage, readOpened } from './open-image.ts';
import type { OpenImage } from './open-image.ts';
import type { Pixels } from '../pixels.ts';
import { resamplePixels } from '../resample-pixels.ts';

/** The part of a pack's image input that says how a picture gets to its size. */
export type ImageFit = Pick<ImageInput, 'width' | 'height' | 'resample' | 'fit'>;

/** A picture from a file or from memory. */
type OpenPixels = Pick<OpenImage, 'pipeline' | 'width' | 'height' | 'name'>;

/** Size before the crop, and the corner of the crop. */
interface Placement {
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  readonly left: number;
  readonly top: number;
}

/**
 * libvips kernels nearest to Pillow's antialiased filters, which the models were trained with: the same functions
 * (triangle; Catmull-Rom, a = −0.5; Lanczos, 3 lobes). Other kernels differ 2 to 10 times as much (test/golden/resize.test.ts).
 */
const kernels: Readonly<Record<ImageFit['resample'], keyof KernelEnum>> = {
  bilinear: 'linear',
  bicubic: 'cubic',
  lanczos: 'lanczos3',
};

/** Up to about 300 × 300. */
const smallPixels = 90_000;

/**
 * Brings a picture to exactly `width` × `height`. `crop`: the smallest scale that covers, then the centre;
 * `stretch`: both sides at once.
 *
 * @throws StudioError as decodeImage
 */
export async function fitImage(
  source: string | Uint8Array | Pixels,
  fit: ImageFit,
  limits: ImageLimits = defaultImageLimits,
  name?: string,
): Promise<Pixels> {
  const opened = isPixels(source) ? openPixels(source) : await openImage(source, limits, name);
  const image = cutEnds(opened, fit);
  const placement = placeImage(image, fit);
  return readOpened(opened, limits, async () => {
    if (!isExact(image, placement)) return await readPixels(shrink(image, placement, fit));
    const { scaledWidth, scaledHeight } = placement;
    return crop(resamplePixels(await readPixels(image.pipeline), scaledWidth, scaledHeight, fit.resample), placement, fit);
  });
}

function isPixels(source: string | Uint8Array | Pixels): source is Pixels {
  return typeof source === 'object' && 'channels' in source;
}

function openPixels(pixels: Pixels): OpenPixels {
  const { width, height, channels } = pixels;
  return { pipeline: sharp(pixels.data, { raw: { width, height, channels } }), width, height, name: 'The picture' };
}

async function readPixels(pipeline: Sharp): Promise<Pixels> {
  const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, data };
}

/**
 * Cuts the far ends off a picture of extreme proportions before it is enlarged: they fall to the crop anyway, and a
 * line of one by a million pixels would otherwise become a gigabyte.
 */
function cutEnds(image: OpenPixels, fit: ImageFit): OpenPixels {
  const factor = 8;
  if (fit.fit === 'stretch') return image;
  const scale = Math.max(fit.width / image.width, fit.height / image.height);
  const width = Math.min(image.width, Math.ceil((factor * fit.width) / scale));
  const height = Math.min(image.height, Math.ceil((factor * fit.height) / scale));
  if (width === image.width && height === image.height) return image;
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  return { pipeline: image.pipeline.extract({ left, top, width, height }), width, height, name: image.name };
}

/** Long side rounded down and crop offset rounded down, as CLIP's image processor in transformers does. */
function placeImage(from: { readonly width: number; readonly height: number }, fit: ImageFit): Placement {
  if (fit.fit === 'stretch') return { scaledWidth: fit.width, scaledHeight: fit.height, left: 0, top: 0 };
  const scale = Math.max(fit.width / from.width, fit.height / from.height);
  // A product such as 3 × (64 ÷ 3) may fall just below a whole number.
  const scaledWidth = Math.max(fit.width, Math.floor(from.width * scale + 1e-9));
  const scaledHeight = Math.max(fit.height, Math.floor(from.height * scale + 1e-9));
  return {
    scaledWidth,
    scaledHeight,
    left: Math.floor((scaledWidth - fit.width) / 2),
    top: Math.floor((scaledHeight - fit.height) / 2),
  };
}

/** Whether our own resampling is used: when anything is enlarged, and for small pictures, where libvips is not faster. */
function isExact(image: OpenPixels, { scaledWidth, scaledHeight }: Placement): boolean {
  if (scaledWidth === image.width && scaledHeight === image.height) return false;
  return scaledWidth > image.width || scaledHeight > image.height || image.width * image.height <= smallPixels;
}

function crop(pixels: Pixels, { left, top }: Placement, { width, height }: ImageFit): Pixels {
  if (pixels.width === width && pixels.height === height) return pixels;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * pixels.width + left) * 3;
    data.set(pixels.data.subarray(start, start + width * 3), y * width * 3);
  }
  return { width, height, channels: 3, data };
}

/**
 * An extract of everything stands first because it turns off libjpeg's and libwebp's scaled decoding, which is up to
 * ten times further from Pillow's result than the resize itself.
 */
function shrink(image: OpenPixels, placement: Placement, fit: ImageFit): Sharp {
  const { scaledWidth, scaledHeight, left, top } = placement;
  const { pipeline, width, height } = image;
  const scaled =
    scaledWidth === width && scaledHeight === height
      ? pipeline
      : pipeline
          .extract({ left: 0, top: 0, width, height })
          .resize(scaledWidth, scaledHeight, { fit: 'fill', kernel: kernels[fit.resample] });
  return scaledWidth === fit.width && scaledHeight === fit.height
    ? scaled
    : scaled.extract({ left, top, width: fit.width, height: fit.height });
}
