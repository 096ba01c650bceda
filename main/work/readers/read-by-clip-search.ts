import { StudioError } from '../../../contract/errors.ts';
import { methodAskedFor } from '../../../contract/texts/reader-choice.ts';
import type { ClipSearchChoice } from '../../../contract/texts/reader-choice.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import type { WrittenPrompt } from '../../image-to-text/write-prompt-document.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import type { ReadOrder, ReadPicture } from '../../ports/reader.ts';
import type { Scorer } from '../../ports/scorer.ts';
import { collectTokens } from '../../prompt/collect-tokens.ts';
import { listLikest, WORDS_TRIED } from '../../prompt/search/token-search.ts';
import type { FoundText, GivenToken } from '../../prompt/search/token-search.ts';
import { narrowTable } from '../../prompt/search/token-table.ts';
import { WeightedProgress } from '../../running/weighted-progress.ts';
import type { Progress, RunContext } from '../../running/run-context.ts';
import type { JobServices } from '../../services/job-services.ts';
import type { SearchState } from '../../services/unfinished-work.ts';
import { toErrorBody } from '../../services/to-wire-error.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { PictureToSearch } from './picture-to-search.ts';
import { writeFoundText } from './write-found-text.ts';

/** What every picture of an order is searched with. */
interface Search {
  readonly services: JobServices;
  readonly pack: ResolvedPack;
  readonly choice: ClipSearchChoice;
  readonly tokenizer: Tokenizer;
  readonly given: readonly GivenToken[];
}

/**
 * Reads pictures by their likeness to words, with the pack's scorer alone (prompt/search/token-search.ts). A search that is cancelled gives the
 * best text it has, of the picture in hand; those after it are not begun.
 *
 * @throws StudioError `pack-role-missing` for a pack without a scorer, `length-unsupported` for more tokens than it reads
 */
export async function* readByClipSearch(
  services: JobServices,
  pack: ResolvedPack,
  choice: ClipSearchChoice,
  { images, lengths, topK }: ReadOrder,
  context: RunContext,
): AsyncGenerator<ReadPicture, void, undefined> {
  const tokenizer = await openSearchVocabulary(services, pack);
  const given = choice.document === undefined ? [] : listGiven(choice.document);
  for (const length of lengths) assertFits(length, given.length, tokenizer.modelMaxLength - 2);
  const search = { services, pack, choice, tokenizer, given };
  const progress = new WeightedProgress(context, { pictures: images.length * lengths.length });
  for (const [imageIndex, { source, imageSha256, region = null }] of images.entries()) {
    context.signal.throwIfAborted();
    const texts: WrittenPrompt[] = [];
    let error: ReadPicture['error'] = null;
    try {
      for (const [at, length] of lengths.entries()) {
        const part = progress.span(imageIndex * lengths.length + at, 1);
        const { alternatives } = await searchOne(search, { source, imageSha256, region, length }, part);
        const { id: packId, version: packVersion } = pack.manifest;
        const facts = { packId, packVersion, imageSha256, method: methodAskedFor(choice), guide: packId, tokenizer };
        const locked = new Set(given.flatMap(({ isLocked }, place) => (isLocked ? [place] : [])));
        texts.push(writeFoundText({ alternatives, locked, length }, topK, facts));
      }
    } catch (cause) {
      // What is wrong with one picture does not stop the others.
      if (!(cause instanceof StudioError && cause.code.startsWith('image-'))) throw cause;
      error = toErrorBody(cause, services.logFailure);
    }
    yield { imageIndex, imageSha256, texts: error === null ? texts : [], error };
  }
}

async function searchOne(search: Search, asked: PictureToSearch, context: RunContext): Promise<FoundText> {
  const { services, pack, choice, tokenizer, given } = search;
  const { source, imageSha256, region, length } = asked;
  const scorer = services.models.scorer(pack);
  const progress = new WeightedProgress(context, { table: 1, search: 10 });
  const { unfinishedSearches } = services;
  const name = { pack: pack.manifestSha256, choice, imageSha256, region, length };
  // The picture is decoded meanwhile.
  const [picture, table, earlier] = await Promise.all([
    embedPicture(scorer, source, { ...context, onProgress: () => undefined }),
    services.tokenTables.take(pack, tokenizer, scorer, progress.part('table')),
    unfinishedSearches.find(name),
  ]);
  const { aim, diversity, seed } = choice;
  const shortlist = listLikest(table, picture, WORDS_TRIED, aim);
  const known = narrowTable(table, [...shortlist, ...given.map(({ tokenId }) => tokenId)]);
  const found: { best: FoundText | null } = { best: null };
  const searching = progress.part('search');
  const onProgress = (told: Progress): void =>
    searching.onProgress({ ...told, ...(found.best && { text: tokenizer.decode(found.best.tokenIds) }) });
  // One after the other, beside the search: it does not wait for the disk.
  let kept = Promise.resolve();
  const keep = (state: SearchState): void => {
    kept = kept.then(() => unfinishedSearches.keep(name, state));
    kept.catch(() => undefined);
  };
  try {
    await scorer.search(
      { picture, shortlist, table: known, length, given, aim, diversity, seed, earlier },
      { ...searching, onProgress },
      {
        onText: (text) => (found.best = text),
        onSweep: ({ tokenIds, sweeps, tried }) =>
          keep({ tokenIds: [...tokenIds], sweeps, evaluations: 0, calls: 0, tried: tried.map((words) => [...words]) }),
      },
    );
  } catch (error) {
    if (!context.signal.aborted || found.best === null) throw error;
  }
  await kept;
  await unfinishedSearches.drop(name);
  if (found.best === null) throw new Error('a search that ended without a text');
  return found.best;
}

/** What a search may begin with: the visible words of a text, those a person locked as such. */
export function listGiven(document: PromptDocument): GivenToken[] {
  const visible = document.slots.filter(({ muted }) => muted !== true);
  return collectTokens(document).tokenIds.map((tokenId, index) => ({ tokenId, isLocked: visible[index]?.locked === true }));
}

/** @throws StudioError `pack-invalid` where the scorer counts other tokens than the texts of the pack */
export async function openSearchVocabulary({ tokenizers }: JobServices, pack: ResolvedPack): Promise<Tokenizer> {
  const scored = await tokenizers.takeOfScorer(pack);
  const written = await tokenizers.take(pack);
  const sample = written.encode(SAMPLE);
  const isSame =
    scored.vocabularySize === written.vocabularySize && scored.encode(SAMPLE).every(({ id }, index) => sample[index]?.id === id);
  if (isSame) return written;
  throw new StudioError(
    'pack-invalid',
    `The scorer of the model ${pack.manifest.name} counts other tokens than its texts are made of, so that it cannot search for them.`,
    'Choose another model, or another reader.',
    { pack: pack.manifest.id },
  );
}

/** Letters, digits and common words: two vocabularies of one size that agree on it are one. */
const SAMPLE = 'a red fox on the left of 2 old houses, soft light, 1980s film';

function assertFits(length: number, given: number, most: number): void {
  if (length > most)
    throw new StudioError('length-unsupported', `The scorer reads at most ${most} tokens.`, 'Ask for fewer tokens.', {
      length,
      most,
    });
  if (given > length)
    throw new StudioError(
      'bad-request',
      `The text to begin with has ${given} tokens, and ${length} were asked for.`,
      'Ask for more tokens, or begin with fewer words.',
      { given, length },
    );
}

/** The scorer's vector of a picture. Throws StudioError `image-unreadable`. */
export async function embedPicture(scorer: Scorer, source: string | Uint8Array, context: RunContext): Promise<Float32Array> {
  const [picture] = (await scorer.embed({ images: [source], texts: [] }, context)).images;
  if (picture === undefined || picture === null) throw unread();
  return picture;
}

function unread(): StudioError {
  return new StudioError('image-unreadable', 'The picture cannot be read.', 'Look whether its file is whole.');
}
