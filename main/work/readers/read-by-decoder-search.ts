import { StudioError } from '../../../contract/errors.ts';
import type { DecoderSearchChoice } from '../../../contract/texts/reader-choice.ts';
import { alternativesAt } from '../../../contract/texts/reading.ts';
import type { Reading } from '../../../contract/texts/reading.ts';
import type { WrittenPrompt } from '../../image-to-text/write-prompt-document.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import type { ReadOrder, ReadPicture } from '../../ports/reader.ts';
import { EMPTY_PLACE } from '../../prompt/judged-sweep.ts';
import type { TriedTokens } from '../../prompt/search/token-search.ts';
import { WeightedProgress } from '../../running/weighted-progress.ts';
import type { RunContext } from '../../running/run-context.ts';
import type { JobServices } from '../../services/job-services.ts';
import { toErrorBody } from '../../services/to-wire-error.ts';
import { LossJudge } from '../solving/loss-judge.ts';
import { beginDecoderSearch } from './begin-decoder-search.ts';
import type { Beginning } from './begin-decoder-search.ts';
import type { PictureToSearch } from './picture-to-search.ts';
import { runDecoderSearch } from './run-decoder-search.ts';
import type { DecoderText } from './run-decoder-search.ts';
import { writeFoundText } from './write-found-text.ts';

/**
 * Reads pictures as the pack's own decoder would be told them: its loss decides between words (docs/decisions/0038-judged-by-the-decoder.md). A
 * search that is cancelled gives the best text it has, of the picture in hand; those after it are not begun.
 *
 * @throws StudioError `pack-role-missing` for a pack without a decoder, `pack-invalid` for one that was distilled, `length-unsupported`
 */
export async function* readByDecoderSearch(
  services: JobServices,
  pack: ResolvedPack,
  choice: DecoderSearchChoice,
  { images, lengths, topK }: ReadOrder,
  context: RunContext,
): AsyncGenerator<ReadPicture, void, undefined> {
  const progress = new WeightedProgress(context, { pictures: images.length * lengths.length });
  for (const [imageIndex, { source, imageSha256, region = null }] of images.entries()) {
    context.signal.throwIfAborted();
    const texts: WrittenPrompt[] = [];
    let error: ReadPicture['error'] = null;
    try {
      for (const [at, length] of lengths.entries()) {
        const part = progress.span(imageIndex * lengths.length + at, 1);
        texts.push(await searchOne(services, pack, choice, { source, imageSha256, region, length }, topK, part));
      }
    } catch (cause) {
      // What is wrong with one picture does not stop the others.
      if (!(cause instanceof StudioError && cause.code.startsWith('image-'))) throw cause;
      error = toErrorBody(cause, services.logFailure);
    }
    yield { imageIndex, imageSha256, texts: error === null ? texts : [], error };
  }
}

/** Of 15 places, with an encoder's candidates. */
const ENOUGH_FOR_A_SWEEP = 600;
/** What texts that were grown to the end took on held-out scenes, and a little more. */
const ENOUGH_TO_GROW = 4000;

async function searchOne(
  services: JobServices,
  pack: ResolvedPack,
  choice: DecoderSearchChoice,
  picture: PictureToSearch,
  topK: number | null,
  context: RunContext,
): Promise<WrittenPrompt> {
  const { source, imageSha256, region, length } = picture;
  const progress = new WeightedProgress(context, { begin: 1, search: 10 });
  const beginning = await beginDecoderSearch(services, pack, choice, picture, progress.part('begin'));
  const asked = { pack: pack.manifestSha256, choice, imageSha256, region, length };
  const earlier = await services.unfinishedSearches.find(asked);
  const searching = progress.part('search');
  const steps = choice.evaluations ?? (beginning.grows || beginning.reading === null ? ENOUGH_TO_GROW : ENOUGH_FOR_A_SWEEP);
  const tokenizer = await services.tokenizers.take(pack);
  const decode = (tokenIds: readonly number[]): string => tokenizer.decode(tokenIds.filter((tokenId) => tokenId !== EMPTY_PLACE));
  let text = decode(earlier?.tokenIds ?? beginning.start);
  const onAsked = (evaluations: number): void => {
    const step = Math.min(evaluations, steps);
    searching.onProgress({ fraction: step / steps, phase: 'scoring', step, steps, text });
  };
  const onText = (tokenIds: readonly number[]): void => {
    text = decode(tokenIds);
  };
  const judge = new LossJudge(
    services,
    { pack, original: source, seed: choice.seed, places: length, onAsked, ...(earlier && { earlier }) },
    context,
  );
  const keep = services.unfinishedSearches.keep.bind(services.unfinishedSearches, asked);
  const now = (): number => performance.now();
  const found = await runDecoderSearch(
    { beginning, judge, evaluations: steps, seconds: choice.seconds ?? null, earlier, keep, onText, now },
    context,
  );
  await services.unfinishedSearches.drop(asked);
  return write(services, pack, picture, beginning, found, topK);
}

async function write(
  services: JobServices,
  pack: ResolvedPack,
  { imageSha256, length }: PictureToSearch,
  { reading, world, locked, isGuided }: Beginning,
  { tokenIds, tried, loss }: DecoderText,
  topK: number | null,
): Promise<WrittenPrompt> {
  const tokenizer = await services.tokenizers.take(pack);
  const { id: packId, version: packVersion } = pack.manifest;
  const facts = {
    packId,
    packVersion,
    imageSha256,
    method: 'decoder-search' as const,
    tokenizer,
    ...(isGuided && { guide: packId }),
  };
  const filled = tokenIds.flatMap((tokenId, place) => (tokenId === EMPTY_PLACE ? [] : [place]));
  const alternatives = filled.map((place) =>
    reading === null ? (tried[place] ?? []) : encoderWords(reading, place, tokenIds[place]),
  );
  const looked = reading === null ? {} : { attention: reading.attention, patchGrid: reading.patchGrid };
  const isLocked = new Set(filled.flatMap((place, position) => (locked.has(place) ? [position] : [])));
  const written = writeFoundText({ alternatives, locked: isLocked, length, world, ...looked }, topK, facts);
  return loss === null ? written : { ...written, loss };
}

/** What the encoder held likely at a place, the word that was found first. */
function encoderWords(reading: Reading, place: number, own: number | undefined): TriedTokens {
  const words = alternativesAt(reading, place);
  const known = words.find(({ tokenId }) => tokenId === own);
  return known === undefined ? words : [known, ...words.filter((word) => word !== known)];
}
