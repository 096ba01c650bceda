import type { MeasureSettings } from '../../../contract/job.ts';
import { drawingOptionsOf } from '../../../contract/recipe.ts';
import type { JobContext } from '../../jobs/job-context.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import { judgedSweep, mean } from '../../prompt/judged-sweep.ts';
import type { JudgeTexts } from '../../prompt/judged-sweep.ts';
import { settleSettings } from '../../ports/drawer.ts';
import type { Progress } from '../../running/run-context.ts';
import type { JobServices } from '../../services/job-services.ts';
import type { Solved, Solving } from './solve-by-redraws.ts';

interface SolvingByLoss extends Solving {
  readonly pack: ResolvedPack;
  readonly settings: MeasureSettings;
  readonly originalSha256: string;
  /** The noise of the looks follows from it: the same seed solves the same text in the same way. */
  readonly seed: number;
}

/** Where both texts are compared at the end; none is asked for in a sweep's order, and their noise is fresh. */
const CHECK_LEVELS = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Noises a call draws lie this far apart, so that none meets another's. */
const SEED_STRIDE = 64;
const SEED_END = Number.MAX_SAFE_INTEGER;

/**
 * Solves by the decoder's own loss on the original, one sweep over the places. Nothing is drawn.
 *
 * @throws StudioError `pack-invalid` for a decoder that was distilled
 */
export async function solveByLoss(
  services: JobServices,
  { pack, settings, originalSha256, start, places, budget, seed }: SolvingByLoss,
  context: JobContext,
): Promise<Solved> {
  const drawer = services.models.drawer(pack);
  const { guidanceRescale: _, ...asDrawn } = drawingOptionsOf(settleSettings(settings, drawer.abilities));
  let original: string | Float32Array = services.library.getImagePath(originalSha256);
  let calls = 0;
  let placesDone = 0;
  let asked = 0;
  const inner = { ...context, onProgress: () => undefined };
  const report = (phase: Progress['phase']): void =>
    context.onProgress({ fraction: placesDone / (places.length + 1), phase, step: Math.min(asked, budget), steps: budget });
  report('loading');
  const judge: JudgeTexts = async (texts, levels) => {
    calls += 1;
    const looks = levels.map((level, index) => ({ seed: (seed + calls * SEED_STRIDE + index) % SEED_END, level }));
    const order = { texts: texts.map((tokenIds) => ({ ...start, tokenIds })), looks, original, settings: asDrawn };
    const { losses, latents } = await drawer.judge(order, inner);
    original = latents;
    asked += losses.length;
    report('scoring');
    return texts.map((_, text) => [...losses.subarray(text * looks.length, (text + 1) * looks.length)]);
  };
  const order = { start: start.tokenIds, places, evaluations: budget };
  const { tokenIds } = await judgedSweep(order, judge, (_, done) => {
    placesDone = done;
    report('scoring');
  });
  const [before = [], after = []] = await judge([start.tokenIds, tokenIds], CHECK_LEVELS);
  return { tokenIds, scored: 0, loss: { before: mean(before), after: mean(after), evaluations: asked } };
}
