import { StudioError } from '../../contract/errors.ts';
import type { ImageInput } from '../../contract/pack.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { defaultImageLimits } from './image-limits.ts';
import type { ImageLimits } from './image-limits.ts';
import { preprocessImage } from './preprocess-image.ts';

/** One picture of a batch, ready for the engine; or why it is not. */
export type PreprocessedImage =
  | { readonly index: number; readonly tensor: Tensor<'float32'>; readonly error: null }
  | { readonly index: number; readonly tensor: null; readonly error: StudioError };

export interface PreprocessBatchOptions {
  /** How many pictures are decoded, or decoded and waiting, at most. */
  readonly ahead: number;
  readonly signal: AbortSignal;
  readonly limits?: ImageLimits;
}

/**
 * Decodes pictures ahead of whoever reads them, in libvips' threads, and gives them in order. A bad picture gives its
 * error and the others go on. Stops starting new ones when the reader leaves.
 *
 * @throws the signal's reason when aborted; errors that are not about a picture
 */
export async function* preprocessBatch(
  sources: readonly (string | Uint8Array)[],
  input: ImageInput,
  options: PreprocessBatchOptions,
): AsyncGenerator<PreprocessedImage, void, undefined> {
  const limits = options.limits ?? defaultImageLimits;
  const started: Promise<PreprocessedImage | { readonly fault: unknown }>[] = [];
  const startUpTo = (end: number): void => {
    for (const source of sources.slice(started.length, end)) started.push(preprocessOne(started.length, source, input, limits));
  };
  for (let index = 0; index < sources.length; index++) {
    options.signal.throwIfAborted();
    startUpTo(index + options.ahead);
    const result = await started[index];
    if (result === undefined) throw new Error(`picture ${index} was not started`);
    if ('fault' in result) throw result.fault;
    // Settled results are dropped, so that a long batch does not keep every tensor.
    started[index] = nothing;
    yield result;
  }
}

const nothing = Promise.resolve({ fault: new Error('read twice') });

/** Never rejects: a promise that is still ahead when the reader leaves must not become an unhandled rejection. */
async function preprocessOne(
  index: number,
  source: string | Uint8Array,
  input: ImageInput,
  limits: ImageLimits,
): Promise<PreprocessedImage | { readonly fault: unknown }> {
  try {
    return { index, tensor: await preprocessImage(source, input, limits), error: null };
  } catch (cause) {
    return cause instanceof StudioError ? { index, tensor: null, error: cause } : { fault: cause };
  }
}
