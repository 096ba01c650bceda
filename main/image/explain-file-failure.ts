import { StudioError } from '../../contract/errors.ts';
import { defaultImageLimits } from './image-limits.ts';
import type { ImageLimits } from './image-limits.ts';

/** What openRegularFile said of a picture's file, in the words for pictures. Anything else is returned as it came. */
export function explainFileFailure(cause: unknown, name: string, limits: ImageLimits = defaultImageLimits): unknown {
  if (!(cause instanceof StudioError) || cause.code !== 'file-unreadable') return cause;
  const { reason, bytes } = cause.details;
  return reason === 'too-large' && typeof bytes === 'number' ? tooManyBytes(name, bytes, limits) : cause;
}

export function tooManyBytes(name: string, bytes: number, limits: ImageLimits): StudioError {
  return new StudioError(
    'image-too-large',
    `${name} is ${Math.ceil(bytes / 1048576)} MB; at most ${Math.floor(limits.maxBytes / 1048576)} MB can be opened.`,
    'Save it smaller or with more compression and try again.',
    { bytes, maxBytes: limits.maxBytes },
  );
}
