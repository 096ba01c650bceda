import { join } from 'node:path';
import { fitImage } from '../image/fit-image.ts';
import { pixelsToPng } from '../image/pixels-to-png.ts';
import type { RunContext } from '../run-context.ts';
import type { DiffusionPipeline } from '../text-to-image/diffusion-pipeline.ts';
import type { GenerateOutcome, GenerateRequest } from '../text-to-image/generate-request.ts';
import { pictureBatches } from '../text-to-image/picture-batches.ts';
import type { EngineWork } from './engine-work.ts';
import { PreviewSender } from './preview-sender.ts';
import type { EngineGenerateRequest } from './protocol.ts';
import { scorePictures } from './score-pictures.ts';
import { suggestSmallerPicture } from './suggest-smaller-picture.ts';

/** The part of a batch's progress that drawing is; scoring has the rest. */
const drawingShare = 0.97;

/** Draws the request's pictures, a batch at a time, and hands over each batch when it is finished and scored. */
export async function runGenerate(request: EngineGenerateRequest, work: EngineWork): Promise<void> {
  const pipeline = await work.openPipeline(join(request.packFolder, request.decoder.folder));
  const { seed, count, width, height } = request;
  const shared = await composeShared(request);
  let drawn = 0;
  for (const seeds of pictureBatches(seed, count, { width, height }, request.guidance > 1)) {
    const context = narrow(work.context, drawn / count, seeds.length / count);
    const outcome = await drawBatch(
      pipeline,
      { ...shared, seed: seed + drawn, count: seeds.length },
      request,
      drawn,
      context,
      work,
    );
    if (drawn === 0) sendPrompt(outcome, work);
    await handOver(outcome, request, drawn, context, work);
    drawn += seeds.length;
  }
}

/** What all batches have in common. The initial picture covers the frame, as diffusers resizes it: Lanczos. */
async function composeShared(request: EngineGenerateRequest): Promise<Omit<GenerateRequest, 'seed' | 'count'>> {
  const { prompt, negative, steps, guidance, scheduler, width, height, init } = request;
  const shared = { prompt, negative: { text: negative }, steps, guidanceScale: guidance, scheduler, width, height };
  if (!init) return shared;
  const image = await fitImage(init.source, { width, height, resample: 'lanczos', fit: 'crop' });
  return { ...shared, init: { image, strength: init.strength } };
}

async function drawBatch(
  pipeline: DiffusionPipeline,
  batch: GenerateRequest,
  request: EngineGenerateRequest,
  imageIndex: number,
  context: RunContext,
  { requestId, emit }: EngineWork,
): Promise<GenerateOutcome> {
  const previews = new PreviewSender((step, png) => emit({ type: 'preview', requestId, imageIndex, step, png }));
  try {
    const drawing = { ...context, onProgress: narrow(context, 0, request.fidelity ? drawingShare : 1).onProgress };
    return await pipeline.generate(request.previews ? { ...batch, preview: previews } : batch, drawing);
  } catch (error) {
    throw suggestSmallerPicture(error, request);
  } finally {
    await previews.finish();
  }
}

function sendPrompt({ tokenIds, tokenWeights }: GenerateOutcome, { requestId, emit }: EngineWork): void {
  emit({ type: 'prompt', requestId, tokenIds: [...tokenIds], tokenWeights: [...tokenWeights] });
}

async function handOver(
  { pictures, width, height }: GenerateOutcome,
  request: EngineGenerateRequest,
  firstIndex: number,
  context: RunContext,
  { requestId, sessions, emit }: EngineWork,
): Promise<void> {
  const images = pictures.map((picture) => picture.image);
  const pngs = await Promise.all(images.map((image) => pixelsToPng(image)));
  let fidelities: readonly number[] = [];
  if (request.fidelity) {
    context.onProgress({ fraction: drawingShare, phase: 'scoring', step: 0, steps: images.length });
    const { scorer, original } = request.fidelity;
    fidelities = await scorePictures({ packFolder: request.packFolder, scorer, sessions }, original, images, context.signal);
  }
  pictures.forEach(({ seed }, index) => {
    const png = pngs[index];
    if (!png) throw new Error(`picture ${index} was not encoded`);
    const imageIndex = firstIndex + index;
    emit({ type: 'generated-image', requestId, imageIndex, seed, width, height, png, fidelity: fidelities[index] ?? null });
  });
  context.onProgress({ fraction: 1, phase: 'decoding', step: request.steps, steps: request.steps });
}

/** The same context for a part of the whole: fractions 0..1 become start..start + share. */
function narrow(context: RunContext, start: number, share: number): RunContext {
  return {
    ...context,
    onProgress: (progress) => context.onProgress({ ...progress, fraction: Math.min(1, start + share * progress.fraction) }),
  };
}
