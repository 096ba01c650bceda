import { StudioError } from '../../../contract/errors.ts';
import type { EngineGenerateRequest } from '../protocol.ts';

/**
 * A picture that did not fit into memory: says which size would. Memory of a denoiser grows with the number of pixels
 * (attention: with its square), so a size of half as many pixels is likely to fit. Other errors are passed on.
 */
export function suggestSmallerPicture(error: unknown, request: EngineGenerateRequest): unknown {
  if (!(error instanceof StudioError) || error.code !== 'memory-exceeded') return error;
  const { width, height, decoder } = request;
  const { multipleOf } = decoder.image;
  const [smallerWidth, smallerHeight] = [width, height].map(
    (side) => Math.floor((side * Math.SQRT1_2) / multipleOf) * multipleOf,
  );
  if (!smallerWidth || !smallerHeight || width * height <= decoder.image.width * decoder.image.height) return error;
  return new StudioError(
    'memory-exceeded',
    `A picture of ${width} × ${height} does not fit into memory.`,
    `Try ${smallerWidth} × ${smallerHeight}, or close other programs.`,
    { ...error.details, width, height, smallerWidth, smallerHeight },
    error,
  );
}
