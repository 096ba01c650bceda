import { join } from 'node:path';
import { drawingOptions } from './drawing-options.ts';
import type { EngineWork } from './engine-work.ts';
import type { EngineJudgeRequest } from './protocol.ts';

/** Judges the request's texts by the decoder's own loss on the picture. */
export async function runJudge(request: EngineJudgeRequest, work: EngineWork): Promise<void> {
  const { packFolder, decoder, original, texts, looks, cells, rowLength, width, height } = request;
  const { context, requestId } = work;
  const pipeline = await work.openPipeline(join(packFolder, decoder.folder));
  const fit = { width, height, resample: 'lanczos', fit: 'crop' } as const;
  const picture =
    'latents' in original ? original.latents : await work.pictures.fit(original.source, fit, { signal: context.signal });
  const asked = { ...(cells === undefined ? {} : { cells }), ...(rowLength === undefined ? {} : { rowLength }) };
  const order = { original: picture, texts, looks, ...asked, ...drawingOptions(request) };
  work.emit({ type: 'judged', requestId, ...(await pipeline.judge(order, context)) });
}
