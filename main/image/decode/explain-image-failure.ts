import { StudioError } from '../../../contract/errors.ts';
import type { ImageLimits } from '../image-limits.ts';

/**
 * Turns whatever the decoder said into an expected error. libvips reports in English sentences only, so this reads
 * them; what it does not know is a damaged picture, because the format was already recognised.
 */
export function explainImageFailure(name: string, cause: unknown, limits: ImageLimits): StudioError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (/pixel limit|exceeds pixel|too many pixels|dimensions? too large|image too large/i.test(reason)) {
    const megapixels = Math.floor(limits.maxPixels / 1e6);
    return new StudioError(
      'image-too-large',
      `${name} has more than ${megapixels} megapixels, the most that can be opened.`,
      'Save a smaller version and try again.',
      { maxPixels: limits.maxPixels },
      cause,
    );
  }
  if (/out of memory|bad_alloc|cannot allocate/i.test(reason)) {
    const hint = 'Close other programs or save a smaller version.';
    return new StudioError('memory-exceeded', `There was not enough memory to decode ${name}.`, hint, {}, cause);
  }
  const firstLine = (reason.split('\n')[0] ?? reason).slice(0, 200);
  return new StudioError(
    'image-unreadable',
    `${name} is damaged or not complete.`,
    'Open it in another program and save it again, or get the file again.',
    { reason: firstLine },
    cause,
  );
}
