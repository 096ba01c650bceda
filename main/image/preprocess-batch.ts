import { StudioError } from '../../contract/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** One picture of a batch, ready for the engine; or why it is not. */
export type PreprocessedImage =
  | { readonly index: number; readonly tensor: Tensor<'float32'>; readonly error: null }
  | { readonly index: number; readonly tensor: null; readonly error: StudioError };

export interface PreprocessBatchOptions<Source> {
  /** Makes one picture ready: preprocessImage here, or in a thread of its own (preprocess-thread.ts). */
  readonly preprocess: (source: Source) => Promise<Tensor<'float32'>>;
  /** How many pictures are in work, or ready and waiting, at most. */
  readonly ahead: number;
  readonly signal: AbortSignal;
}

type Outcome = PreprocessedImage | { readonly fault: unknown };

/**
 * Makes pictures ready ahead of whoever reads them, and gives them in order. A bad picture gives its error and the
 * others go on. Stops starting new ones when the reader leaves.
 *
 * @throws the signal's reason when aborted; errors that are not about a picture
 */
export async function* preprocessBatch<Source>(
  sources: readonly Source[],
  options: PreprocessBatchOptions<Source>,
): AsyncGenerator<PreprocessedImage, void, undefined> {
  const started = new Map<number, Promise<Outcome>>();
  let next = 0;
  for (let index = 0; index < sources.length; index++) {
    options.signal.throwIfAborted();
    for (const source of sources.slice(next, index + options.ahead)) {
      started.set(next, settle(next, options.preprocess(source)));
      next += 1;
    }
    const outcome = await started.get(index);
    started.delete(index);
    if (outcome === undefined) throw new Error(`picture ${index} was not started`);
    if ('fault' in outcome) throw outcome.fault;
    yield outcome;
  }
}

/** Never rejects: a picture that is still in work when the reader leaves must not become an unhandled rejection. */
async function settle(index: number, work: Promise<Tensor<'float32'>>): Promise<Outcome> {
  try {
    return { index, tensor: await work, error: null };
  } catch (cause) {
    return cause instanceof StudioError ? { index, tensor: null, error: cause } : { fault: cause };
  }
}
