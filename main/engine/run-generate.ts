import { join } from 'node:path';
import { WeightedProgress } from '../running/weighted-progress.ts';
import type { GenerateRequest, GeneratedBatch } from '../text-to-image/generate-request.ts';
import { drawingOptions } from './drawing-options.ts';
import type { EngineWork } from './engine-work.ts';
import { PictureComparison } from './picture-comparison.ts';
import { PreviewSender } from './preview-sender.ts';
import type { EngineGenerateRequest } from './protocol.ts';
import { requireMemory } from './memory/require-memory.ts';
import { suggestSmallerPicture } from './memory/suggest-smaller-picture.ts';

/** What drawing takes of the time, and scoring where pictures are scored as well. */
const WEIGHTS = { draw: 97, score: 3 };

/** Draws the request's pictures and hands over those that were drawn together when they are finished and scored. */
export async function runGenerate(request: EngineGenerateRequest, work: EngineWork): Promise<void> {
  const { requestId, emit } = work;
  const pipeline = await work.openPipeline(join(request.packFolder, request.decoder.folder));
  await requireMemory(pipeline, request, work.sessions);
  const previews = new PreviewSender(work.pictures, ({ pictureIndex, step }, png) =>
    emit({ type: 'preview', requestId, imageIndex: pictureIndex, step, png }),
  );
  const composed = await composeRequest(request, work);
  const tiny = request.previewers?.find(({ previewer }) => previewer.family === pipeline.config.family.id);
  const openPreviewDecoder =
    tiny === undefined ? {} : { openPreviewDecoder: () => work.sessions.open(join(tiny.packFolder, tiny.previewer.graph)) };
  const drawing = request.previews ? { ...composed, preview: previews, ...openPreviewDecoder } : composed;
  const weights = { ...WEIGHTS, ...(request.fidelity ? {} : { score: 0 }) };
  const context = new WeightedProgress(work.context, weights).part('draw');
  const { fidelity, packFolder } = request;
  const comparison = fidelity && new PictureComparison({ packFolder, ...fidelity }, work);
  try {
    for await (const batch of drawn(pipeline.generate(drawing, context), request)) {
      await previews.finish();
      if (batch.firstIndex === 0) {
        emit({ type: 'prompt', requestId, tokenIds: [...batch.tokenIds], tokenWeights: [...batch.tokenWeights] });
      }
      // More may be drawn after it, so the whole stands where drawing left off.
      if (comparison) context.onProgress({ fraction: 0, phase: 'scoring', step: 0, steps: batch.pictures.length });
      const fidelities = (await comparison?.score(batch.pictures.map(({ image }) => image))) ?? [];
      await handOver(batch, fidelities, work);
    }
  } finally {
    await previews.finish();
  }
  work.context.onProgress({ fraction: 1, phase: 'decoding', step: request.steps, steps: request.steps });
}

/** What fails in drawing may have a way out; what fails in scoring is passed on as it is. */
async function* drawn(batches: AsyncIterable<GeneratedBatch>, request: EngineGenerateRequest): AsyncGenerator<GeneratedBatch> {
  try {
    yield* batches;
  } catch (error) {
    throw suggestSmallerPicture(error, request);
  }
}

/** The initial picture covers the frame, and its mask with it, as diffusers resizes them: Lanczos. */
async function composeRequest(request: EngineGenerateRequest, { pictures, context }: EngineWork): Promise<GenerateRequest> {
  const { prompt, mixed, negative, steps, guidance, seed, count, scheduler, width, height, init } = request;
  const composed = {
    prompt,
    ...(mixed === undefined ? {} : { mixed: { prompt: mixed, share: mixed.share } }),
    negative: { text: negative },
    steps,
    guidanceScale: guidance,
    ...drawingOptions(request),
    seed,
    count,
    scheduler,
    width,
    height,
  };
  if (!init) return composed;
  const fit = { width, height, resample: 'lanczos', fit: 'crop' } as const;
  const { signal } = context;
  const image = await pictures.fit(init.source, fit, { signal });
  const mask = init.mask === undefined ? {} : { mask: await pictures.fit(init.mask, fit, { signal }) };
  return { ...composed, init: { image, strength: init.strength, ...mask } };
}

async function handOver(
  { firstIndex, pictures, width, height }: GeneratedBatch,
  fidelities: readonly number[],
  { requestId, emit, pictures: writer }: EngineWork,
): Promise<void> {
  const pngs = await Promise.all(pictures.map(({ image }) => writer.encodePng(image)));
  pictures.forEach(({ seed }, index) => {
    const png = pngs[index];
    if (!png) throw new Error(`picture ${index} was not encoded`);
    const imageIndex = firstIndex + index;
    emit({ type: 'generated-image', requestId, imageIndex, seed, width, height, png, fidelity: fidelities[index] ?? null });
  });
}
