import type { MeasureSettings } from '../../../contract/job.ts';
import { drawingOptionsOf } from '../../../contract/recipe.ts';
import type { JobContext } from '../../jobs/job-context.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import { judgedSweep } from '../../prompt/judged-sweep.ts';
import { settleSettings } from '../../ports/drawer.ts';
import type { Progress } from '../../running/run-context.ts';
import type { JobServices } from '../../services/job-services.ts';
import { LossJudge } from './loss-judge.ts';
import type { CellWeights } from '../../text-to-image/judges/judge-texts.ts';
import type { Solved, Solving } from './solve-by-redraws.ts';

interface SolvingByLoss extends Solving {
  readonly pack: ResolvedPack;
  readonly settings: MeasureSettings;
  readonly originalSha256: string;
  /** The same seed solves the same text in the same way. */
  readonly seed: number;
  /** Which parts of the original count; absent: all of it. */
  readonly cells?: CellWeights;
}

/**
 * Solves by the decoder's own loss on the original, one sweep over the places. Nothing is drawn.
 *
 * @throws StudioError `pack-invalid` for a decoder that was distilled
 */
export async function solveByLoss(
  services: JobServices,
  { pack, settings, originalSha256, start, places, budget, seed, cells }: SolvingByLoss,
  context: JobContext,
): Promise<Solved> {
  const settled = settleSettings(settings, services.models.drawer(pack).abilities);
  // A loss is looked at without guidance.
  const asDrawn = drawingOptionsOf({ ...settled, guidanceRescale: undefined });
  let placesDone = 0;
  const tokenizer = await services.tokenizers.take(pack);
  let text = tokenizer.decode(start.tokenIds);
  const report = (phase: Progress['phase'], asked: number): void =>
    context.onProgress({
      ...{ fraction: placesDone / (places.length + 1), phase, text },
      ...{ step: Math.min(asked, budget), steps: budget },
    });
  report('loading', 0);
  const original = services.library.getImagePath(originalSha256);
  const counted = cells === undefined ? {} : { cells };
  const options = { pack, original, seed, settings: asDrawn, tokenWeights: start.tokenWeights, ...counted };
  const judge = new LossJudge(services, { ...options, onAsked: (asked) => report('scoring', asked) }, context);
  const order = { start: start.tokenIds, places, evaluations: budget };
  const { tokenIds } = await judgedSweep(order, judge.judge, (swept, done) => {
    placesDone = done;
    text = tokenizer.decode(swept);
    report('scoring', judge.evaluations);
  });
  const [before = 0, after = 0] = await judge.compare([start.tokenIds, tokenIds]);
  return { tokenIds, scored: 0, loss: { before, after, evaluations: judge.evaluations } };
}
