import type { EngineWork } from './engine-work.ts';
import type { EngineScoreRequest } from './protocol.ts';
import { scorePictures } from './score-pictures.ts';

/** Compares every candidate with the original. */
export async function runScore(request: EngineScoreRequest, { requestId, sessions, context, emit }: EngineWork): Promise<void> {
  const { packFolder, scorer, original, candidates } = request;
  context.onProgress({ fraction: 0, phase: 'scoring', step: 0, steps: candidates.length });
  const scores = await scorePictures({ packFolder, scorer, sessions }, original, candidates, context.signal);
  emit({ type: 'scores', requestId, scores });
}
