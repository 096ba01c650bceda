import { StudioError } from '../../contract/errors.ts';
import type { Pixels } from './pixels.ts';

/** One picture of a batch, ready for the engine; or why it is not. */
export type PreprocessedImage =
  | { readonly index: number; readonly pixels: Pixels; readonly error: null }
  | { readonly index: number; readonly pixels: null; readonly error: StudioError };

export interface PreprocessBatchesOptions<Source> {
  /** Makes one picture ready: PictureReader's `fit`. */
  readonly fit: (source: Source) => Promise<Pixels>;
  /** How many pictures are in work, or ready and waiting, at most. */
  readonly ahead: number;
  /** How many pictures the next batch waits for, and how many it holds at most. Asked once a batch. */
  readonly size: () => { readonly least: number; readonly most: number };
  readonly signal: AbortSignal;
}

type Outcome = PreprocessedImage | { readonly fault: unknown };

/**
 * Makes pictures ready ahead of whoever reads them, and gives them in order, in batches of what is ready: whoever reads
 * never waits for a picture while it could work on another. A bad picture gives its error and the others go on. Stops
 * starting new ones when the reader leaves.
 *
 * @throws the signal's reason when aborted; errors that are not about a picture
 */
export async function* preprocessBatches<Source>(
  sources: readonly Source[],
  options: PreprocessBatchesOptions<Source>,
): AsyncGenerator<readonly PreprocessedImage[], void, undefined> {
  const inWork = new Map<number, Promise<Outcome>>();
  const ready = new Map<number, Outcome>();
  let started = 0;
  let given = 0;
  const start = (ahead: number): void => {
    for (const source of sources.slice(started, given + ahead)) {
      const index = started++;
      const work = settle(index, options.fit(source));
      inWork.set(index, work);
      void work.then((outcome) => ready.set(index, outcome));
    }
  };
  while (given < sources.length) {
    options.signal.throwIfAborted();
    const { least, most } = options.size();
    // Somebody waits for the first batch, which would share the cores with all the others: only the next picture is begun beside it, so
    // that the second batch does not wait as well.
    start(given === 0 ? least + 1 : options.ahead);
    const batch: PreprocessedImage[] = [];
    while (given < sources.length && batch.length < most && (batch.length < least || ready.has(given))) {
      const outcome = ready.get(given) ?? (await inWork.get(given));
      if (outcome === undefined) throw new Error(`picture ${given} was not started`);
      if ('fault' in outcome) throw outcome.fault;
      inWork.delete(given);
      ready.delete(given);
      given += 1;
      batch.push(outcome);
    }
    // Before the reader's work, which may block this thread: whoever decodes has the next ones by then.
    start(options.ahead);
    yield batch;
  }
}

/** Never rejects: a picture that is still in work when the reader leaves must not become an unhandled rejection. */
async function settle(index: number, work: Promise<Pixels>): Promise<Outcome> {
  try {
    return { index, pixels: await work, error: null };
  } catch (cause) {
    return cause instanceof StudioError ? { index, pixels: null, error: cause } : { fault: cause };
  }
}
