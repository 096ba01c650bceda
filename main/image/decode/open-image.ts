import { basename } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { StudioError } from '../../../contract/errors.ts';
import type { PictureMediaType } from '../../../contract/picture-formats.ts';
import { readRegularFile } from '../../files/open-regular-file.ts';
import { explainFileFailure, tooManyBytes } from '../explain-file-failure.ts';
import type { ImageLimits } from '../image-limits.ts';
import type { PictureFile } from '../picture-orders.ts';
import { explainImageFailure } from './explain-image-failure.ts';
import { inPixelTurn } from './pixel-turns.ts';
import { formats, prepareInput, refuseFormat } from './prepare-input.ts';
import { showsAsRead } from './shows-as-read.ts';
import { sniffImage } from './sniff-image.ts';

/** A picture whose header was read and found good: the pixels are decoded when the pipeline is asked for output. */
export interface OpenImage {
  /** Turned upright, in 8-bit sRGB, without alpha: resize it and take what is needed. */
  readonly pipeline: Sharp;
  /** Pixels, after turning upright. */
  readonly width: number;
  readonly height: number;
  readonly mediaType: PictureMediaType;
  /** Whether browsers show the file itself as it is read here. */
  readonly showsAsRead: boolean;
  /** How messages call this picture: its file name, never the whole path. */
  readonly name: string;
}

/**
 * Opens a picture from a path or from a file's bytes: size limits first, then its format by content, then its header.
 * Turned upright by EXIF, ICC profile and CMYK to sRGB, alpha flattened on white (what paper and most viewers show),
 * first frame of an animation.
 *
 * @param name how messages call it; the name of its file where none is given
 * @throws StudioError image-unreadable, image-unsupported, image-too-large, image-too-small, file-unreadable
 */
export async function openImage(
  source: string | Uint8Array,
  limits: ImageLimits,
  name = typeof source === 'string' ? basename(source) : 'The picture',
): Promise<OpenImage> {
  const { bytes, mediaType } = await readPictureBytes({ source, limits, name });
  const { input, failOn, page, hasAlpha } = prepareInput(name, bytes, mediaType);
  const image = sharp(input, {
    limitInputPixels: limits.maxPixels,
    failOn,
    page,
    pages: 1,
  });
  const metadata = await image.metadata().catch((cause: unknown) => {
    throw explainImageFailure(name, cause, limits);
  });
  const { width, height } = metadata.autoOrient;
  if (width * height > limits.maxPixels) throw explainImageFailure(name, new Error(`pixel limit: ${width} × ${height}`), limits);
  if (Math.min(width, height) < limits.minSide) throw tooSmall(name, width, height, limits);
  // Steps that change nothing still cost libvips some tenths of a millisecond a picture.
  if ((metadata.orientation ?? 1) !== 1) image.autoOrient();
  if (metadata.hasAlpha && hasAlpha) image.flatten({ background: '#ffffff' });
  else if (metadata.hasAlpha) image.removeAlpha();
  // Without it libvips works on 16-bit pictures that have a profile in a wider space and cuts the colours on the way back.
  if (metadata.depth === 'ushort') image.pipelineColourspace('srgb');
  const pipeline = image.toColourspace('srgb');
  // Browsers get the file as it is, and leave out the last rows of one that does not end.
  const wasPutRight = failOn === 'warning';
  return { pipeline, width, height, mediaType, showsAsRead: !wasPutRight && showsAsRead(bytes, mediaType, metadata), name };
}

/**
 * Takes what is needed from an open picture, when there is room for its pixels.
 *
 * @throws StudioError as decodeImage
 */
export async function readOpened<T>(
  { width, height, name }: Pick<OpenImage, 'width' | 'height' | 'name'>,
  limits: ImageLimits,
  read: () => Promise<T>,
): Promise<T> {
  try {
    return await inPixelTurn(width * height, read);
  } catch (cause) {
    throw explainImageFailure(name, cause, limits);
  }
}

/**
 * The bytes of a picture and its format by content, undecoded.
 * @throws StudioError image-unreadable, image-unsupported, image-too-large, file-unreadable
 */
export async function readPictureBytes({ source, limits, name }: PictureFile): Promise<{
  readonly bytes: Uint8Array;
  readonly mediaType: PictureMediaType;
}> {
  const bytes = typeof source === 'string' ? await readImageFile(source, name, limits) : source;
  if (bytes.byteLength > limits.maxBytes) throw tooManyBytes(name, bytes.byteLength, limits);
  return { bytes, mediaType: requireSupported(name, bytes) };
}

/** What is no picture is not read whole. */
async function readImageFile(path: string, name: string, limits: ImageLimits): Promise<Uint8Array> {
  try {
    const checkStart = (start: Uint8Array): void => void requireSupported(name, start);
    return await readRegularFile(path, { maximumBytes: limits.maxBytes, checkStart });
  } catch (cause) {
    throw explainFileFailure(cause, name, limits);
  }
}

function tooSmall(name: string, width: number, height: number, limits: ImageLimits): StudioError {
  return new StudioError(
    'image-too-small',
    `${name} is ${width} × ${height} pixels; this model reads pictures from ${limits.minSide} pixels a side.`,
    'Choose a larger version of the picture.',
    { width, height, minSide: limits.minSide },
  );
}

function requireSupported(name: string, bytes: Uint8Array): PictureMediaType {
  const sniffed = sniffImage(bytes);
  if (sniffed.kind === 'supported') return sniffed.mediaType;
  if (bytes.byteLength === 0) {
    throw new StudioError(
      'image-unreadable',
      `${name} is empty (0 bytes).`,
      'Its download or copy did not finish; get it again.',
    );
  }
  if (sniffed.kind === 'unsupported') throw refuseFormat(name, sniffed.format);
  throw new StudioError('image-unreadable', `${name} is not a picture the studio knows.`, `Choose a ${formats} file.`);
}
