import type { JobContext } from '../jobs/job-context.ts';
import type { PromptTokens } from '../prompt/collect-tokens.ts';
import { searchText } from '../prompt/search-text.ts';
import type { SearchPlace } from '../prompt/search-text.ts';
import type { Progress } from '../running/run-context.ts';
import { WeightedProgress } from '../running/weighted-progress.ts';
import type { JobServices } from '../services/job-services.ts';
import { measureTexts, TEXTS_AT_ONCE } from './measure-texts.ts';
import type { Measuring } from './measure-texts.ts';

/** A text to solve again. */
export interface Solving {
  readonly start: PromptTokens;
  /** Indices are those of the visible tokens. */
  readonly places: readonly SearchPlace[];
  /** Pictures that may be drawn, or losses that may be asked for. */
  readonly budget: number;
}

export interface Solved {
  readonly tokenIds: readonly number[];
  /** Texts that were drawn at every seed. */
  readonly scored: number;
  readonly loss: { readonly before: number; readonly after: number; readonly evaluations: number } | null;
}

/** Solves by drawing: a change is taken when the pictures come nearer to the original. The best picture so far is the job's preview. */
export async function solveByRedraws(
  services: JobServices,
  measuring: Measuring,
  { start, places, budget }: Solving,
  context: JobContext,
): Promise<Solved> {
  const texts = Math.max(1, Math.floor(budget / measuring.seeds.length));
  let scored = 0;
  // Steps are pictures drawn, of the whole budget.
  const onProgress = (progress: Progress): void => {
    const step = Math.min(budget, scored * measuring.seeds.length + progress.step);
    context.onProgress({ ...progress, step, steps: budget });
  };
  const progress = new WeightedProgress({ ...context, onProgress }, { texts });
  const order = { start: start.tokenIds, places, texts, batch: TEXTS_AT_ONCE };
  let best = -Infinity;
  const { tokenIds } = await searchText(order, async (candidates) => {
    const pictures: (Uint8Array | undefined)[] = [];
    const fidelities = await measureTexts(
      services,
      measuring,
      candidates.map((tokenIds) => ({ ...start, tokenIds })),
      progress.span(scored, candidates.length),
      (index, png) => (pictures[index] ??= png),
    );
    scored += candidates.length;
    fidelities.forEach(({ mean }, index) => {
      const picture = pictures[index];
      if (mean <= best) return;
      best = mean;
      // The best so far is what a person waits to see.
      if (picture !== undefined) context.onPreview(picture, 'image/png');
    });
    return fidelities.map(({ mean }) => mean);
  });
  return { tokenIds, scored, loss: null };
}
