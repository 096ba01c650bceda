import { StudioError } from '../../contract/errors.ts';
import type { ReSolveRequest, ReSolveResult } from '../../contract/job.ts';
import { decodeReading } from '../../contract/reading.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { WeightedProgress } from '../running/weighted-progress.ts';
import { collectTokens } from '../prompt/collect-tokens.ts';
import type { PromptTokens } from '../prompt/collect-tokens.ts';
import { comparePrompts } from '../prompt/compare-prompts.ts';
import { findFreePlaces } from '../prompt/find-free-places.ts';
import type { FreePlace } from '../prompt/find-free-places.ts';
import { putTokens } from '../prompt/put-tokens.ts';
import { searchText } from '../prompt/search-text.ts';
import type { SearchOutcome, SearchPlace } from '../prompt/search-text.ts';
import type { Progress } from '../running/run-context.ts';
import { chooseLength } from './choose-length.ts';
import type { JobServices } from '../services/job-services.ts';
import { measureTexts, requireOwnText, seedsOf, TEXTS_AT_ONCE } from './measure-texts.ts';
import type { Measuring } from './measure-texts.ts';
import { openJobPack } from './open-job-pack.ts';
import { readPicture } from './read-picture.ts';

/** Below this the encoder all but rules a token out, and drawing it would waste the budget. */
const LEAST_PROBABILITY = 0.001;
const MOST_CANDIDATES = 5;

/**
 * Solves a text again around its locked words: every unlocked word may become another of the encoder's candidates at its
 * place, and a change is taken only when the pictures drawn from the text come nearer to the original
 * (docs/decisions/0017-solving-again-around-locks.md). The result is checked by seeds the search has not seen.
 */
export async function runReSolve(services: JobServices, request: ReSolveRequest, context: JobContext): Promise<ReSolveResult> {
  const { settings, originalSha256, budget } = request;
  const pack = await openJobPack(services, request.packId, context);
  requireOwnText(request.document, pack);
  const seeds = seedsOf(settings);
  const measuring = { pack, settings, seeds, originalSha256 };
  const progress = new WeightedProgress(context, { read: 1, search: budget, check: 2 * seeds.length });
  const { document } = request;
  const asked = { imageSha256: originalSha256, length: chooseLength(document, services.models.reader(pack).abilities) };
  const fresh = await readPicture(services, pack, asked, progress.part('read'));
  await services.library.readings.add(fresh.reading);
  const places = findFreePlaces(document, decodeReading(fresh.reading));
  const [source] = fresh.document.sources;
  if (source === undefined) throw new Error('a text that was read from nothing');
  if (places.length === 0) throw nothingFree();

  const start = collectTokens(document);
  const found = await search(services, measuring, { start, places, document, budget }, progress.part('search'));
  const solved = putTokens(document, found.tokenIds, { places, source }, await services.tokenizers.take(pack));
  const texts = [start, { ...start, tokenIds: found.tokenIds }];
  const [before, after] = await measureTexts(services, measuring, texts, progress.part('search'));
  const unseen = { ...measuring, seeds: seeds.map((seed) => seed + seeds.length) };
  const [checkBefore, checkAfter] = await measureTexts(services, unseen, texts, progress.part('check'));
  if (!before || !after || !checkBefore || !checkAfter) throw new Error('a text that was not measured');
  return {
    kind: 're-solve',
    document: solved,
    before,
    after,
    check: { before: checkBefore, after: checkAfter },
    comparison: comparePrompts(document, solved),
    drawn: (found.scored + texts.length) * seeds.length,
  };
}

interface Search {
  readonly start: PromptTokens;
  readonly places: readonly FreePlace[];
  readonly document: ReSolveRequest['document'];
  readonly budget: number;
}

function search(
  services: JobServices,
  measuring: Measuring,
  { start, places, document, budget }: Search,
  context: JobContext,
): Promise<SearchOutcome> {
  const texts = Math.max(1, Math.floor(budget / measuring.seeds.length));
  let scored = 0;
  // Steps are pictures drawn, of the whole budget.
  const onProgress = (progress: Progress): void => {
    const step = Math.min(budget, scored * measuring.seeds.length + progress.step);
    context.onProgress({ ...progress, step, steps: budget });
  };
  const progress = new WeightedProgress({ ...context, onProgress }, { texts });
  const order = { start: start.tokenIds, places: toSearchPlaces(document, places), texts, batch: TEXTS_AT_ONCE };
  let best = -Infinity;
  return searchText(order, async (candidates) => {
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
}

/** Places as the search counts them: among visible tokens only. */
function toSearchPlaces(document: ReSolveRequest['document'], places: readonly FreePlace[]): SearchPlace[] {
  const visible = document.slots.flatMap((slot, index) => (slot.muted ? [] : [index]));
  return places.map(({ slotIndex, alternatives }) => ({
    index: visible.indexOf(slotIndex),
    candidates: alternatives
      .filter(({ probability }, rank) => rank === 0 || probability >= LEAST_PROBABILITY)
      .slice(0, MOST_CANDIDATES),
  }));
}

function nothingFree(): StudioError {
  return new StudioError(
    'bad-request',
    'No word may change: all are locked, muted, or stand where nothing was read.',
    'Unlock a word, then solve again.',
  );
}
