import type { EngineWork } from './engine-work.ts';
import type { EngineCaptionRequest } from './protocol.ts';

/** Says what the request's picture shows. */
export async function runCaption(request: EngineCaptionRequest, work: EngineWork): Promise<void> {
  const { packFolder, captioner: role, source, width, height, words } = request;
  const { requestId, context, pictures, emit } = work;
  const { signal } = context;
  context.onProgress({ fraction: 0, phase: 'loading', step: 0, steps: 1 });
  const captioner = await work.openCaptioner(packFolder, role);
  const pixels = await pictures.fit(source, { width, height, resample: 'lanczos', fit: 'stretch' }, { signal });
  context.onProgress({ fraction: 0, phase: 'encoding', step: 0, steps: 1 });
  emit({ type: 'captioned', requestId, caption: await captioner.describe(pixels, words, signal) });
}
