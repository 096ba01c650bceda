import { searchTokens } from '../../prompt/search/token-search.ts';
import { pauseFor } from '../../tensor/yield-to-event-loop.ts';
import type { EngineWork } from '../engine-work.ts';
import type { EngineSearchRequest } from '../protocol.ts';
import { openScorer } from './open-scorer.ts';

/** Searches words by likeness beside the graph that judges them, so that no message goes between two of its many short runs. */
export async function runSearch({ packFolder, scorer, order, earlier }: EngineSearchRequest, work: EngineWork): Promise<void> {
  const { requestId, context, emit } = work;
  const { signal } = context;
  const judge = openScorer(packFolder, scorer, work);
  const beforeRun = pauseFor(signal);
  let toldMs = performance.now();
  const found = await searchTokens(order, (texts) => judge.compareTokens(texts, order.picture, beforeRun), {
    earlier,
    onStep: (best, step, steps) => {
      if (performance.now() - toldMs < BETWEEN_TEXTS_MS) return;
      toldMs = performance.now();
      // The text first, so that it is told of with how far the search is.
      emit({ type: 'found-text', requestId, text: best });
      context.onProgress({ fraction: step / steps, phase: 'scoring', step, steps });
    },
    onSweep: (state) => emit({ type: 'search-state', requestId, state }),
  });
  emit({ type: 'found-text', requestId, text: found });
}

/** A search that is stopped gives the newest text that was told. A message wakes the host, which costs as much as a run of a small graph. */
const BETWEEN_TEXTS_MS = 150;
