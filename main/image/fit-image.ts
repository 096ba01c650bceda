import sharp from 'sharp';
import type { KernelEnum, Sharp } from 'sharp';
import type { ImageInput } from '../../contract/pack.ts';
import { explainImageFailure } from './explain-image-failure.ts';
import { defaultImageLimits } from './image-limits.ts';
import type { ImageLimits } from './image-limits.ts';
import { openImage } from './open-image.ts';
import type { Pixels } from './pixels.ts';

/** The part of a pack's image input that says how a picture gets to its size. */
export type ImageFit = Pick<ImageInput, 'width' | 'height' | 'resample' | 'fit'>;

/**
 * libvips kernels nearest to Pillow's antialiased filters, which the models were trained with: the same functions
 * (triangle; Catmull-Rom, a = −0.5; Lanczos, 3 lobes). Measured difference: test/golden/image/.
 */
const kernels: Readonly<Record<ImageFit['resample'], keyof KernelEnum>> = {
  bilinear: 'linear',
  bicubic: 'cubic',
  lanczos: 'lanczos3',
};

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
): Promise<Pixels> {
  const image = isPixels(source)
    ? { ...source, pipeline: sharpOfPixels(source), name: 'The picture' }
    : await openImage(source, limits);
  try {
    const { data, info } = await resize(image.pipeline, image, fit).raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: 3, data };
  } catch (cause) {
    throw explainImageFailure(image.name, cause, limits);
  }
}

function isPixels(source: string | Uint8Array | Pixels): source is Pixels {
  return typeof source === 'object' && 'channels' in source;
}

function sharpOfPixels(pixels: Pixels): Sharp {
  return sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 3 } });
}

/** fastShrinkOnLoad off: a JPEG is never decoded below twice the size needed, which keeps the result close to Pillow's. */
function resize(pipeline: Sharp, from: { readonly width: number; readonly height: number }, fit: ImageFit): Sharp {
  const { width, height } = fit;
  const options = { fit: 'fill', kernel: kernels[fit.resample], fastShrinkOnLoad: false } as const;
  if (from.width === width && from.height === height) return pipeline;
  if (fit.fit === 'stretch') return pipeline.resize(width, height, options);
  const scale = Math.max(width / from.width, height / from.height);
  // Rounded down as CLIP's image processor does, except that the covering side is exact.
  const scaledWidth = Math.max(width, Math.floor(from.width * scale + 1e-9));
  const scaledHeight = Math.max(height, Math.floor(from.height * scale + 1e-9));
  const left = Math.floor((scaledWidth - width) / 2);
  const top = Math.floor((scaledHeight - height) / 2);
  return pipeline.resize(scaledWidth, scaledHeight, options).extract({ left, top, width, height });
}
