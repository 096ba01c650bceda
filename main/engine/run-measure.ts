import { join } from 'node:path';
import { drawingOptions } from './drawing-options.ts';
import type { EngineWork } from './engine-work.ts';
import { PictureComparison } from './picture-comparison.ts';
import type { EngineMeasureRequest } from './protocol.ts';

/** Draws the request's texts and tells the host of each batch of pictures with how near each is to the original. */
export async function runMeasure(request: EngineMeasureRequest, work: EngineWork): Promise<void> {
  const { packFolder, decoder, prompts, seeds, negative, steps, guidance, scheduler, width, height } = request;
  const { requestId, context, emit } = work;
  const pipeline = await work.openPipeline(join(packFolder, decoder.folder));
  const variants = {
    prompts,
    seeds,
    negative: { text: negative },
    steps,
    guidanceScale: guidance,
    ...drawingOptions(request),
    scheduler,
    width,
    height,
  };
  const comparison = new PictureComparison(request, work);
  for await (const pictures of pipeline.drawVariants(variants, context)) {
    const images = pictures.map(({ image }) => image);
    const fidelities = await comparison.score(images);
    const pngs = await Promise.all(images.map((image) => work.pictures.encodePng(image)));
    pictures.forEach(({ promptIndex, seed }, index) => {
      const fidelity = fidelities[index];
      const png = pngs[index];
      if (fidelity === undefined || png === undefined) throw new Error(`picture ${index} was not measured`);
      emit({ type: 'measured-picture', requestId, promptIndex, seed, fidelity, png });
    });
  }
}
