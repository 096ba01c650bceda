import type {
  Blend,
  BlendCheckRequest,
  BlendChecks,
  BlendRequest,
  BlendSource,
  BlendedText,
} from '../../../contract/texts/blend.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { Origin, PromptDocument, TokenSource } from '../../../contract/texts/prompt.ts';
import { areAligned, placeWords } from '../../language/blend-by-place.ts';
import { readSide } from '../../language/blend-texts.ts';
import type { BlendTextsOptions, TextBlend } from '../../language/blend-texts.ts';
import { checkBlend } from '../../language/check-blend.ts';
import type { BlendSide } from '../../language/check-blend.ts';
import { loadLexicon } from '../../language/lexicon.ts';
import type { Lexicon } from '../../language/lexicon.ts';
import { readPictureWords } from '../../language/picture-words.ts';
import { letters, textOf } from '../../language/sentence.ts';
import type { Letter, SaidWord } from '../../language/sentence.ts';
import { writeDocument } from '../../language/write-document.ts';
import type { ResolvedPack } from '../../packs/pack-registry.ts';
import { renderPrompt } from '../../prompt/render-prompt.ts';
import { createId } from '../../storage/create-id.ts';
import { loadClipTokenizer } from '../../tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { findText } from './find-text.ts';
import type { JobServices } from '../../services/job-services.ts';

/** What is needed to write blends of texts, whoever writes them. */
interface BlendTools {
  readonly options: BlendTextsOptions;
  readonly packId: string;
  readonly tokenizer: Tokenizer;
  /** Tokens that pack's own models read; null: as many as there are. */
  readonly packLimit: number | null;
  readonly createId: () => string;
}

/** The texts of a blend in their order, read and understood. */
export interface PreparedTexts extends BlendTools {
  readonly texts: readonly { readonly document: PromptDocument; readonly side: BlendSide }[];
}

/** Both texts of a blend of two. */
export interface PreparedBlend extends BlendTools {
  readonly a: PromptDocument;
  readonly b: PromptDocument;
  readonly sides: { readonly a: BlendSide; readonly b: BlendSide };
}

/** The objects of a pack of a closed world, in small letters; none for one that knows everything. */
export async function objectsOf({ packs }: JobServices, packId: string): Promise<ReadonlySet<string>> {
  const { manifest } = await packs.resolvePack(packId);
  return new Set(manifest.world?.objects.map(({ word }) => word.toLowerCase()));
}

/** Most tokens of a text that a pack draws, or what is usual where it does not say. */
export const limitOf = ({ manifest }: Pick<ResolvedPack, 'manifest'>): number => manifest.limits?.maxTokens ?? usualLimit;
const usualLimit = 75;

const wasRead = ({ sources }: PromptDocument): boolean => sources.some(({ type }) => type === 'reading');

/**
 * The objects of a pack's closed world count as such in texts that its reader wrote, and in texts of the same form. Anywhere else a castle is
 * a place.
 */
function chooseSubjects(
  objects: ReadonlySet<string>,
  lexicon: Lexicon,
  texts: readonly string[],
  areRead: boolean,
): ReadonlySet<string> {
  if (objects.size === 0 || areRead) return objects;
  const placed = texts.map((text) => placeWords(text, readPictureWords(text, lexicon, { subjects: objects }), objects));
  const [first] = placed;
  const areOfOneForm = first !== undefined && placed.every((one) => areAligned(first, one));
  return areOfOneForm ? objects : new Set();
}

/**
 * Any number of texts, at least one.
 * @throws StudioError `prompt-empty` for one without a word, `not-found`, `pack-not-found`
 */
export async function prepareTexts(
  services: JobServices,
  sources: readonly BlendSource[],
  limit: number,
): Promise<PreparedTexts> {
  const documents: PromptDocument[] = [];
  for (const source of sources) documents.push(await findText(services, source));
  const texts = documents.map((document) => renderPrompt(document).text);
  const empty = texts.findIndex((text) => text.trim() === '');
  if (empty >= 0) {
    const name = letters[empty]?.toUpperCase() ?? String(empty + 1);
    throw new StudioError('prompt-empty', `The text of ${name} is empty.`, 'Choose another picture or text.', { side: name });
  }
  const [first] = documents;
  if (first === undefined) throw new Error('a blend of nothing');
  const { packId } = first;
  const pack = await services.packs.resolvePack(packId);
  const [lexicon, clip, tokenizer] = [await loadLexicon(), await loadClipTokenizer(), await services.tokenizers.take(pack)];
  const objects = await objectsOf(services, packId);
  const areRead = documents.every((document) => document.packId === packId && wasRead(document));
  const subjects = chooseSubjects(objects, lexicon, texts, areRead);
  const countTokens = (text: string): number => clip.encode(text).length;
  const options = { lexicon, subjects, limit, countTokens };
  return {
    texts: documents.map((document, at) => ({ document, side: readSide(texts[at] ?? '', options) })),
    options,
    packId,
    tokenizer,
    packLimit: pack.manifest.limits?.maxTokens ?? null,
    createId: () => createId(services.clock()),
  };
}

/** @throws StudioError as prepareTexts does */
export async function prepareBlend(
  services: JobServices,
  request: Pick<BlendRequest, 'a' | 'b' | 'limit'>,
): Promise<PreparedBlend> {
  return pairOf(await prepareTexts(services, [request.a, request.b], request.limit), 0, 1);
}

/** Two of several texts that were prepared together, by their places. */
export function pairOf({ texts, ...tools }: PreparedTexts, first: number, second: number): PreparedBlend {
  const [a, b] = [texts[first], texts[second]];
  if (a === undefined || b === undefined) throw new Error('a blend of fewer than two texts');
  return { ...tools, a: a.document, b: b.document, sides: { a: a.side, b: b.side } };
}

/** A person's sentences may come back to what they speak of. */
const mostTimesByHand = 3;

/**
 * Checks a text that a person changed as a blend of two others.
 * @throws StudioError as prepareBlend does
 */
export async function checkText(services: JobServices, request: BlendCheckRequest): Promise<BlendChecks> {
  const { sides, options } = await prepareBlend(services, request);
  const [object, scene] = request.objectOf === 'a' ? [sides.a, sides.b] : [sides.b, sides.a];
  return checkPrepared(request.text, object, scene, options);
}

/** Checks a text as the main object of the one in the scene of the other, whoever wrote it. */
export function checkPrepared(text: string, object: BlendSide, scene: BlendSide, options: BlendTextsOptions): BlendChecks {
  const { lexicon, subjects } = options;
  const place = (one: string) => placeWords(one, readPictureWords(one, lexicon, { subjects }), subjects);
  const byPlace = areAligned(place(object.text), place(scene.text));
  return checkBlend(text, object, scene, { ...options, mostTimes: mostTimesByHand, byPlace });
}

/** The rules as the source of the words that only join. */
export const rulesAsSource: TokenSource = {
  type: 'language',
  provider: 'builtin',
  model: 'rules',
  template: { name: 'blend', version: 1 },
};

const originOf = (from: Letter): Origin => (from === 'a' ? 'imageA' : 'imageB');

/** A blend's words as the contract has them. */
export function presentText(prepared: PreparedBlend, words: readonly SaidWord[], writer: TokenSource): BlendedText {
  const { a, b, packId, tokenizer } = prepared;
  return {
    text: textOf(words),
    words: words.map(({ text, from }) => ({ text, origin: from === null ? 'language' : originOf(from) })),
    document: writeDocument(words, { a, b }, { id: prepared.createId(), packId, tokenizer, writer }),
  };
}

/** What is wrong with a text for the pack it would be drawn by, in a sentence. */
export function warnOfPack(
  { packLimit, packId }: Pick<BlendTools, 'packLimit' | 'packId'>,
  texts: readonly Pick<BlendedText, 'document'>[],
): string[] {
  const longest = Math.max(...texts.map(({ document }) => document.slots.length));
  if (packLimit === null || longest <= packLimit) return [];
  return [`The model ${packId} reads ${packLimit} tokens and would not read all ${longest} of this text: its words are others.`];
}

/** A blend by rules as the contract has it. */
export function presentBlend(prepared: PreparedBlend, { aPlusB, bPlusA, warnings }: TextBlend): Blend {
  const texts = {
    aPlusB: presentText(prepared, aPlusB.words, rulesAsSource),
    bPlusA: presentText(prepared, bPlusA.words, rulesAsSource),
  };
  const { a, b, sides } = prepared;
  return {
    a: { text: sides.a.text, document: a },
    b: { text: sides.b.text, document: b },
    ...texts,
    writer: 'builtin',
    checks: { aPlusB: aPlusB.checks, bPlusA: bPlusA.checks },
    warnings: [...warnings, ...warnOfPack(prepared, [texts.aPlusB, texts.bPlusA])],
    builtIn: null,
    usage: null,
  };
}
