import type { EngineWork } from './engine-work.ts';
import { PictureComparison } from './picture-comparison.ts';
import type { EngineScoreRequest } from './protocol.ts';

/** Compares every candidate with the original. */
export async function runScore(request: EngineScoreRequest, { requestId, sessions, context, emit }: EngineWork): Promise<void> {
  const { candidates } = request;
  context.onProgress({ fraction: 0, phase: 'scoring', step: 0, steps: candidates.length });
  const scores = await new PictureComparison(request, sessions.open, context.signal).score(candidates);
  emit({ type: 'scores', requestId, scores });
}
