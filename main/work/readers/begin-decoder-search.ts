import { StudioError } from '../../../contract/errors.ts';
import { clipSearchSchema } from '../../../contract/texts/reader-choice.ts';
import type { DecoderSearchChoice } from '../../../contract/texts/reader-choice.ts';
import type { PictureWorld } from '../../../contract/picture-world.ts';
import { worldOf } from '../../../contract/texts/prompt.ts';
import { alternativesAt, decodeReading } from '../../../contract/texts/reading.ts';
import type { Reading } from '../../../contract/texts/reading.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import type { ReadOrder, ReadPicture } from '../../ports/reader.ts';
import { EMPTY_PLACE } from '../../prompt/judged-sweep.ts';
import type { SweepWidth } from '../../prompt/judged-sweep.ts';
import { listLikest } from '../../prompt/search/token-search.ts';
import { layWords, listPackWords, toPlaces } from '../../prompt/search/word-places.ts';
import type { SearchPlace } from '../../prompt/search-text.ts';
import type { RunContext } from '../../running/run-context.ts';
import type { JobServices } from '../../services/job-services.ts';
import type { PictureToSearch } from './picture-to-search.ts';
import { embedPicture, listGiven, openSearchVocabulary, readByClipSearch } from './read-by-clip-search.ts';

/** What a search by the decoder's loss begins with. */
export interface Beginning {
  /** By place; `EMPTY_PLACE` where there is no word. */
  readonly start: readonly number[];
  readonly places: readonly SearchPlace[];
  readonly locked: ReadonlySet<number>;
  /** Whether words are added at the empty places before the sweeps. */
  readonly grows: boolean;
  /** How wide sweeps look; absent: as with an encoder's candidates. */
  readonly width?: SweepWidth;
  readonly sweeps: number;
  /** Of the encoder: its candidates and attention are those of the text that is found, too. */
  readonly reading: Reading | null;
  /** Whether the pack's scorer says which words are tried. */
  readonly isGuided: boolean;
  readonly world: PictureWorld | null;
}

/** Words a place has where nobody says what stands there: as many as a search by likeness tries. */
const LIKEST_WORDS = 64;
/** Wide enough for every word of a place; more of the best meet again, because more are flattered by noise. */
const wholePlaces: SweepWidth = { rivals: 80, finalists: 3, second: 12 };
const MOST_SWEEPS = 3;

/** @throws StudioError `pack-role-missing`, `length-unsupported`, `bad-request`; what is wrong with the picture */
export async function beginDecoderSearch(
  services: JobServices,
  pack: ResolvedPack,
  choice: DecoderSearchChoice,
  picture: PictureToSearch,
  context: RunContext,
): Promise<Beginning> {
  switch (choice.from) {
    case 'encoder':
      return fromEncoder(services, pack, picture, context);
    case 'clip-search':
      return fromLikeness(services, pack, choice.seed, picture, context);
    case 'nothing':
    case 'text':
      return fromWords(services, pack, choice, picture, context);
  }
}

async function fromEncoder(
  { models }: JobServices,
  pack: ResolvedPack,
  picture: PictureToSearch,
  context: RunContext,
): Promise<Beginning> {
  const { document, reading } = await readOne((order) => models.reader(pack).read(order, context), picture);
  const places = listAlternatives(reading);
  const start = places.map(({ candidates }) => candidates[0]?.tokenId ?? EMPTY_PLACE);
  return { start, places, locked: new Set(), grows: false, sweeps: 1, reading, isGuided: false, world: worldOf(document) };
}

async function fromLikeness(
  services: JobServices,
  pack: ResolvedPack,
  seed: number,
  picture: PictureToSearch,
  context: RunContext,
): Promise<Beginning> {
  const choice = clipSearchSchema.parse({ method: 'clip-search', seed });
  const { reading } = await readOne((order) => readByClipSearch(services, pack, choice, order, context), picture);
  const found = listAlternatives(reading);
  // The scorer's shares say nothing of how the decoder takes a word: all of them, and silence, are tried alike.
  const places = toPlaces(found.map(({ candidates }) => candidates.map(({ tokenId }) => tokenId)));
  const start = found.map(({ candidates }) => candidates[0]?.tokenId ?? EMPTY_PLACE);
  const sweeps = { width: wholePlaces, sweeps: MOST_SWEEPS };
  return { start, places, locked: new Set(), grows: false, ...sweeps, reading: null, isGuided: true, world: null };
}

async function fromWords(
  services: JobServices,
  pack: ResolvedPack,
  { from, document }: DecoderSearchChoice,
  { source, length }: PictureToSearch,
  context: RunContext,
): Promise<Beginning> {
  if (from === 'text' && document === undefined)
    throw new StudioError('bad-request', 'There is no text to begin with.', 'Give one, or begin with nothing.');
  const tokenizer = await services.tokenizers.take(pack);
  const own = listPackWords(pack.manifest, length, tokenizer);
  const words = own ?? (await likestWords(services, pack, source, length, context));
  const places = toPlaces(words);
  const given = from === 'text' && document !== undefined ? listGiven(document) : [];
  const { tokenIds, locked } = layWords(given, places);
  const sweeps = { width: wholePlaces, sweeps: MOST_SWEEPS };
  return { start: tokenIds, places, locked, grows: true, ...sweeps, reading: null, isGuided: own === null, world: null };
}

/** Where a pack does not say which words stand where, all places have the words that the scorer finds likest. */
async function likestWords(
  services: JobServices,
  pack: ResolvedPack,
  source: string | Uint8Array,
  length: number,
  context: RunContext,
): Promise<number[][]> {
  const tokenizer = await openSearchVocabulary(services, pack);
  const scorer = services.models.scorer(pack);
  const table = await services.tokenTables.take(pack, tokenizer, scorer, context);
  const likest = listLikest(table, await embedPicture(scorer, source, context), LIKEST_WORDS, 'most');
  return Array.from({ length }, () => likest);
}

function listAlternatives(reading: Reading): SearchPlace[] {
  return Array.from({ length: reading.positions }, (_, index) => ({ index, candidates: alternativesAt(reading, index) }));
}

async function readOne(
  read: (order: ReadOrder) => AsyncIterable<ReadPicture>,
  { source, imageSha256, length }: PictureToSearch,
): Promise<{ readonly document: ReadPicture['texts'][number]['document']; readonly reading: Reading }> {
  for await (const { texts, error } of read({ images: [{ source, imageSha256 }], lengths: [length], topK: null })) {
    if (error !== null) throw StudioError.fromBody(error);
    const [text] = texts;
    if (text !== undefined) return { document: text.document, reading: decodeReading(text.reading) };
  }
  throw new Error('no text for the picture');
}
