import { join } from 'node:path';
import { searchTokens } from '../../prompt/search/token-search.ts';
import { ImageScorer } from '../../text-to-image/judges/image-scorer.ts';
import type { EngineWork } from '../engine-work.ts';
import type { EngineSearchRequest } from '../protocol.ts';

/** Searches words by likeness beside the graph that judges them, so that no message goes between two of its many short runs. */
export async function runSearch({ packFolder, scorer, order, earlier }: EngineSearchRequest, work: EngineWork): Promise<void> {
  const { requestId, sessions, context, emit } = work;
  const { signal } = context;
  const paths = {
    vision: join(packFolder, scorer.vision),
    text: join(packFolder, scorer.text),
    tokenizer: join(packFolder, scorer.tokenizer),
  };
  const embedder = new ImageScorer(paths, sessions.open);
  let toldMs = performance.now();
  const found = await searchTokens(order, (texts) => embedder.embedRows(toRows(texts), signal), {
    earlier,
    onStep: (best, step, steps) => {
      context.onProgress({ fraction: step / steps, phase: 'scoring', step, steps });
      if (performance.now() - toldMs < BETWEEN_TEXTS_MS) return;
      toldMs = performance.now();
      emit({ type: 'found-text', requestId, text: best });
    },
    onSweep: (state) => emit({ type: 'search-state', requestId, state }),
  });
  emit({ type: 'found-text', requestId, text: found });
}

/** A search that is stopped gives the newest text that was told. */
const BETWEEN_TEXTS_MS = 100;

function toRows(texts: readonly (readonly number[])[]): { length: number; tokenIds: Int32Array } {
  const length = Math.max(1, ...texts.map((text) => text.length));
  const tokenIds = new Int32Array(texts.length * length).fill(-1);
  for (const [row, text] of texts.entries()) tokenIds.set(text, row * length);
  return { length, tokenIds };
}
