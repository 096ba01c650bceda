import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { StudioError } from '../../contract/errors.ts';
import type { PictureMediaType } from '../../contract/picture-formats.ts';
import { resolveName } from '../resolve-name.ts';
import { explainImageFailure } from './explain-image-failure.ts';
import type { ImageLimits } from './image-limits.ts';
import { formats, prepareInput, refuseFormat } from './prepare-input.ts';
import { sniffImage } from './sniff-image.ts';

/** A picture whose header was read and found good: the pixels are decoded when the pipeline is asked for output. */
export interface OpenImage {
  /** Turned upright, in 8-bit sRGB, without alpha: resize it and take what is needed. */
  readonly pipeline: Sharp;
  /** Pixels, after turning upright. */
  readonly width: number;
  readonly height: number;
  readonly mediaType: PictureMediaType;
  /** How messages call this picture: its file name, never the whole path. */
  readonly name: string;
}

/** No picture takes this long to decode; a malicious one may. */
const decodeTimeoutSeconds = 60;

/**
 * Opens a picture from a path or from a file's bytes: size limits first, then its format by content, then its header.
 * Turned upright by EXIF, ICC profile and CMYK to sRGB, alpha flattened on white (what paper and most viewers show),
 * first frame of an animation.
 *
 * @throws StudioError image-unreadable, image-unsupported, image-too-large, image-too-small, file-unreadable
 */
export async function openImage(source: string | Uint8Array, limits: ImageLimits): Promise<OpenImage> {
  const name = typeof source === 'string' ? basename(source) : 'The picture';
  const bytes = typeof source === 'string' ? await readImageFile(source, limits) : source;
  if (bytes.byteLength > limits.maxBytes) throw tooManyBytes(name, bytes.byteLength, limits);
  const mediaType = requireSupported(name, bytes);
  const { input, page, hasAlpha } = prepareInput(name, bytes, mediaType);
  const image = sharp(input, {
    limitInputPixels: limits.maxPixels,
    failOn: input === bytes ? 'error' : 'warning',
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
  const pipeline = image.timeout({ seconds: decodeTimeoutSeconds }).toColourspace('srgb');
  return { pipeline, width, height, mediaType, name };
}

async function readImageFile(path: string, limits: ImageLimits): Promise<Uint8Array> {
  const name = basename(path);
  try {
    const place = await resolveName(path);
    const facts = await stat(place);
    if (!facts.isFile()) throw new StudioError('file-unreadable', `${name} is not a file.`, 'Choose a picture file.');
    if (facts.size > limits.maxBytes) throw tooManyBytes(name, facts.size, limits);
    return await readFile(place);
  } catch (cause) {
    if (cause instanceof StudioError) throw cause;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    const hint =
      reason === 'ENOENT'
        ? 'Check the path; it may have been moved or renamed.'
        : 'Check that you may read it and that its disk is there.';
    throw new StudioError('file-unreadable', `${name} cannot be read (${reason}).`, hint, { reason }, cause);
  }
}

function tooManyBytes(name: string, bytes: number, limits: ImageLimits): StudioError {
  return new StudioError(
    'image-too-large',
    `${name} is ${Math.ceil(bytes / 1048576)} MB; at most ${Math.floor(limits.maxBytes / 1048576)} MB can be opened.`,
    'Save it smaller or with more compression and try again.',
    { bytes, maxBytes: limits.maxBytes },
  );
}

function tooSmall(name: string, width: number, height: number, limits: ImageLimits): StudioError {
  return new StudioError(
    'image-too-small',
    `${name} is ${width} × ${height} pixels; this pack reads pictures from ${limits.minSide} pixels a side.`,
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
