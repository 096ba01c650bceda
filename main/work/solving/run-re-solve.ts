import { StudioError } from '../../../contract/errors.ts';
import type { ReSolveRequest, ReSolveResult } from '../../../contract/job.ts';
import { decodeReading } from '../../../contract/texts/reading.ts';
import type { JobContext } from '../../jobs/job-context.ts';
import { WeightedProgress } from '../../running/weighted-progress.ts';
import { collectTokens } from '../../prompt/collect-tokens.ts';
import { comparePrompts } from '../../prompt/compare-prompts.ts';
import { findFreePlaces } from '../../prompt/find-free-places.ts';
import { putTokens } from '../../prompt/put-tokens.ts';
import { toSearchPlaces } from '../../prompt/to-search-places.ts';
import { chooseLength } from '../choose-length.ts';
import type { JobServices } from '../../services/job-services.ts';
import { measureTexts, requireOwnText, seedsOf } from '../measure-texts.ts';
import { openJobPack } from '../open-job-pack.ts';
import { readPicture } from '../read-picture.ts';
import { solveByLoss } from './solve-by-loss.ts';
import { solveByRedraws } from './solve-by-redraws.ts';

/**
 * Solves a text again around its locked words: every unlocked word may become another of the encoder's candidates at its
 * place, and a change is taken only when the judge that was asked for prefers it: pictures drawn from the text
 * (docs/decisions/0017-solving-again-around-locks.md), or the decoder's own loss (0038). The result is checked by seeds the search has not seen.
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
  const order = { start, places: toSearchPlaces(document, places), budget };
  const found = await (request.judge === 'loss'
    ? solveByLoss(services, { ...order, pack, settings, originalSha256, seed: seeds[0] ?? 0 }, progress.part('search'))
    : solveByRedraws(services, measuring, order, progress.part('search')));
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
    loss: found.loss,
  };
}

function nothingFree(): StudioError {
  return new StudioError(
    'bad-request',
    'No word may change: all are locked, muted, or stand where nothing was read.',
    'Unlock a word, then solve again.',
  );
}
