import type { RunContext } from '../../../main/running/run-context.ts';
import type { DiffusionPipeline } from '../../../main/text-to-image/diffusion-pipeline.ts';
import type { GenerateRequest, GeneratedBatch } from '../../../main/text-to-image/generate-request.ts';

/** All pictures of a call as one batch. */
export async function generateAll(
  pipeline: DiffusionPipeline,
  request: GenerateRequest,
  context: RunContext,
): Promise<GeneratedBatch> {
  const batches: GeneratedBatch[] = [];
  for await (const batch of pipeline.generate(request, context)) batches.push(batch);
  const [first] = batches;
  if (!first) throw new Error('nothing was drawn');
  return { ...first, pictures: batches.flatMap(({ pictures }) => pictures) };
}
