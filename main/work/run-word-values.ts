import { StudioError } from '../../contract/errors.ts';
import type { WordValuesRequest, WordValuesResult } from '../../contract/job.ts';
import type { Fidelity } from '../../contract/recipe.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { collectTokens } from '../prompt/collect-tokens.ts';
import { leaveWordsOut } from '../prompt/leave-words-out.ts';
import type { JobServices } from '../services/job-services.ts';
import { measureTexts, requireOwnText, seedsOf } from './measure-texts.ts';
import { openJobPack } from './open-job-pack.ts';

/**
 * What each content word adds: the text is drawn as it is and without each word, with the same seeds and settings, and the
 * word's value is how much fidelity falls without it (docs/decisions/0016-the-value-of-a-word.md).
 */
export async function runWordValues(
  services: JobServices,
  request: WordValuesRequest,
  context: JobContext,
): Promise<WordValuesResult> {
  const { document, settings, originalSha256 } = request;
  const pack = await openJobPack(services, request.packId, context);
  requireOwnText(document, pack);
  const words = leaveWordsOut(document);
  if (words.length === 0) {
    throw new StudioError('prompt-empty', 'There is no word to measure.', 'Write something, or unmute a word.');
  }
  const measuring = { pack, settings, seeds: seedsOf(settings), originalSha256 };
  const texts = [collectTokens(document), ...words.map(({ without }) => without)];
  const [whole, ...without] = await measureTexts(services, measuring, texts, context, (_, png) =>
    context.onPreview(png, 'image/png'),
  );
  if (whole === undefined) throw new Error('a text that was not measured');
  return {
    kind: 'word-values',
    fidelity: whole,
    words: words.map(({ slotIds, text }, index) => ({ slotIds: [...slotIds], text, ...subtract(whole, without[index]) })),
  };
}

/** Mean and sample standard deviation of the differences, seed by seed: what the seeds have in common cancels out. */
function subtract(whole: Fidelity, without: Fidelity | undefined): { value: number; spread: number } {
  const differences = whole.perSeed.map(({ fidelity }, index) => fidelity - (without?.perSeed[index]?.fidelity ?? NaN));
  const value = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
  const squares = differences.reduce((sum, difference) => sum + (difference - value) ** 2, 0);
  return { value, spread: differences.length < 2 ? 0 : Math.sqrt(squares / (differences.length - 1)) };
}
