import type { StudioError } from '../../contract/errors.ts';
import { preprocessBatches } from '../image/preprocess-batches.ts';
import type { Pixels } from '../image/pixels.ts';
import type { PreprocessBatchesOptions, PreprocessedImage } from '../image/preprocess-batches.ts';
import { mapAhead } from '../running/map-ahead.ts';
import type { RunContext } from '../running/run-context.ts';
import { yieldToEventLoop } from '../tensor/yield-to-event-loop.ts';
import type { EncodedLength } from './encoded-length.ts';
import type { EncodeOptions, ImageEncoder } from './image-encoder.ts';

/** A batch: its images in order, those that were read numbered by their `place` in `lengths`, of which each tells of `read` images. */
export interface EncodedBatch {
  readonly images: readonly EncodedImage[];
  readonly lengths: readonly EncodedLength[];
  readonly read: number;
}

/** One image of a batch: where to find what was read, or why nothing was. */
export type EncodedImage =
  | { readonly index: number; readonly place: number; readonly error: null }
  | { readonly index: number; readonly place: null; readonly error: StudioError };

const largestBatch = 32;
/** A cancel waits for the run it falls into, so that slow encoders take fewer images at once. For a whole batch, which is two runs or more. */
const targetRunMs = 250;
/** Where several batches are under way on servers: a cancel ends the requests, and servers join batches as it suits them. */
const batchElsewhere = 16;
/** Decoded ahead of the encoder: two batches, so that the next is ready when one ends. */
const decodedAhead = 2 * largestBatch;

/**
 * Reads many images, in order, and gives them batch by batch: while the encoder runs one, the next are decoded. The first image goes
 * alone, because somebody waits for it; then as many at once as are decoded and fit `targetRunMs`. A bad image does not stop the others.
 * Where the encoder runs on servers, several batches are under way.
 *
 * @throws what ImageEncoder.encode throws; the signal's reason
 */
export async function* encodeImages<Source>(
  encoder: ImageEncoder,
  sources: readonly Source[],
  options: EncodeOptions & Pick<PreprocessBatchesOptions<Source>, 'fit'>,
  context: RunContext,
): AsyncGenerator<EncodedBatch, void, undefined> {
  const fixed = await encoder.fixedBatchSize();
  const atOnce = await encoder.batchesAtOnce();
  let batchSize = fixed ?? 1;
  let done = 0;
  const size = (): { least: number; most: number } => ({ least: fixed ?? 1, most: batchSize });
  const { fit } = options;
  const batches = preprocessBatches(sources, { fit, ahead: decodedAhead, size, signal: context.signal });
  const read = async (batch: readonly PreprocessedImage[]): Promise<EncodedBatch> => {
    const startMs = performance.now();
    const encoded = await encodeBatch(encoder, batch, fixed, options, context);
    if (fixed === null)
      batchSize = atOnce > 1 ? batchElsewhere : nextBatchSize(batchSize, batch.length, performance.now() - startMs);
    return encoded;
  };
  for await (const encoded of mapAhead(batches, atOnce, read)) {
    done += encoded.images.length;
    context.onProgress({ fraction: done / sources.length, phase: 'encoding', step: done, steps: sources.length });
    yield encoded;
    await yieldToEventLoop();
  }
}

/** At most four times as many as before: the first run is slow because it sets up memory. */
function nextBatchSize(current: number, images: number, batchMs: number): number {
  const fitting = Math.floor((targetRunMs * images) / Math.max(batchMs, 1));
  return Math.max(1, Math.min(largestBatch, current * 4, fitting));
}

async function encodeBatch(
  encoder: ImageEncoder,
  batch: readonly PreprocessedImage[],
  fixed: number | null,
  options: EncodeOptions,
  context: RunContext,
): Promise<EncodedBatch> {
  const pictures = batch.flatMap((image) => (image.pixels ? [image.pixels] : []));
  const padded = pad(pictures, fixed);
  const lengths = pictures.length > 0 ? await encoder.encode(padded, options, context) : [];
  let next = 0;
  const images = batch.map(({ index, error }) => (error ? { index, place: null, error } : { index, place: next++, error: null }));
  return { images, lengths, read: padded.length };
}

/** A graph with a fixed batch axis gets copies of the last image in the places left over. */
function pad(pictures: readonly Pixels[], fixed: number | null): readonly Pixels[] {
  const last = pictures.at(-1);
  if (fixed === null || last === undefined) return pictures;
  return Array.from({ length: fixed }, (_, index) => pictures[index] ?? last);
}
