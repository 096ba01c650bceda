import type { Blend, BlendCheckRequest, BlendChecks, BlendRequest, BlendedText } from '../../contract/blend.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Origin, PromptDocument, TokenSource } from '../../contract/prompt.ts';
import { areAligned, placeWords } from '../language/blend-by-place.ts';
import { readSide } from '../language/blend-texts.ts';
import type { BlendTextsOptions, TextBlend } from '../language/blend-texts.ts';
import { checkBlend } from '../language/check-blend.ts';
import type { BlendSide } from '../language/check-blend.ts';
import { loadLexicon } from '../language/lexicon.ts';
import type { Lexicon } from '../language/lexicon.ts';
import { readPictureWords } from '../language/picture-words.ts';
import { textOf } from '../language/sentence.ts';
import type { SaidWord } from '../language/sentence.ts';
import { writeDocument } from '../language/write-document.ts';
import { renderPrompt } from '../prompt/render-prompt.ts';
import { createId } from '../storage/create-id.ts';
import { loadClipTokenizer } from '../tokenizer/load-clip-tokenizer.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { findText } from './find-text.ts';
import type { StudioServices } from './studio-services.ts';

/** Both texts of a blend, read and understood, and what is needed to write theirs. */
export interface PreparedBlend {
  readonly a: PromptDocument;
  readonly b: PromptDocument;
  readonly sides: { readonly a: BlendSide; readonly b: BlendSide };
  readonly options: BlendTextsOptions;
  readonly packId: string;
  readonly tokenizer: Tokenizer;
  /** Tokens that pack's own models read; null: as many as there are. */
  readonly packLimit: number | null;
  readonly createId: () => string;
}

/** The objects of a pack of a closed world, in small letters; none for one that knows everything. */
export async function objectsOf({ packs }: StudioServices, packId: string): Promise<ReadonlySet<string>> {
  const { manifest } = await packs.resolvePack(packId);
  return new Set(manifest.world?.objects.map(({ word }) => word.toLowerCase()));
}

const wasRead = ({ sources }: PromptDocument): boolean => sources.some(({ type }) => type === 'reading');

/**
 * The objects of a pack's closed world count as such in texts that its reader wrote, and in texts of the same form. Anywhere else a castle is
 * a place.
 */
function chooseSubjects(
  objects: ReadonlySet<string>,
  lexicon: Lexicon,
  a: string,
  b: string,
  areRead: boolean,
): ReadonlySet<string> {
  const place = (text: string) => placeWords(text, readPictureWords(text, lexicon, { subjects: objects }), objects);
  const nothing = new Set<string>();
  if (objects.size === 0) return nothing;
  return areRead || areAligned(place(a), place(b)) ? objects : nothing;
}

/** @throws StudioError `prompt-empty` for a side without a word, `not-found`, `pack-not-found` */
export async function prepareBlend(
  services: StudioServices,
  request: Pick<BlendRequest, 'a' | 'b' | 'limit'>,
): Promise<PreparedBlend> {
  const [a, b] = [await findText(services, request.a), await findText(services, request.b)];
  const [textA, textB] = [renderPrompt(a).text, renderPrompt(b).text];
  for (const [name, text] of [['A', textA] as const, ['B', textB] as const]) {
    if (text.trim() !== '') continue;
    throw new StudioError('prompt-empty', `The text of ${name} is empty.`, 'Choose another picture or text.', { side: name });
  }
  const { packId } = a;
  const pack = await services.packs.resolvePack(packId);
  const [lexicon, clip, tokenizer] = [await loadLexicon(), await loadClipTokenizer(), await services.tokenizers.take(pack)];
  const objects = await objectsOf(services, packId);
  const areRead = packId === b.packId && wasRead(a) && wasRead(b);
  const subjects = chooseSubjects(objects, lexicon, textA, textB, areRead);
  const countTokens = (text: string): number => clip.encode(text).length;
  const options = { lexicon, subjects, limit: request.limit, countTokens };
  return {
    a,
    b,
    sides: { a: readSide(textA, options), b: readSide(textB, options) },
    options,
    packId,
    tokenizer,
    packLimit: pack.manifest.limits?.maxTokens ?? null,
    createId: () => createId(services.clock()),
  };
}

/** A person's sentences may come back to what they speak of. */
const mostTimesByHand = 3;

/**
 * Checks a text that a person changed as a blend of two others.
 * @throws StudioError as prepareBlend does
 */
export async function checkText(services: StudioServices, request: BlendCheckRequest): Promise<BlendChecks> {
  const { sides, options } = await prepareBlend(services, request);
  const { lexicon, subjects } = options;
  const place = (text: string) => placeWords(text, readPictureWords(text, lexicon, { subjects }), subjects);
  const byPlace = areAligned(place(sides.a.text), place(sides.b.text));
  const [object, scene] = request.objectOf === 'a' ? [sides.a, sides.b] : [sides.b, sides.a];
  return checkBlend(request.text, object, scene, { ...options, mostTimes: mostTimesByHand, byPlace });
}

/** The rules as the source of the words that only join. */
export const rulesAsSource: TokenSource = {
  type: 'language',
  provider: 'builtin',
  model: 'rules',
  template: { name: 'blend', version: 1 },
};

const origins: Readonly<Record<'a' | 'b', Origin>> = { a: 'imageA', b: 'imageB' };

/** A blend's words as the contract has them. */
export function presentText(prepared: PreparedBlend, words: readonly SaidWord[], writer: TokenSource): BlendedText {
  const { a, b, packId, tokenizer } = prepared;
  return {
    text: textOf(words),
    words: words.map(({ text, from }) => ({ text, origin: from === null ? 'language' : origins[from] })),
    document: writeDocument(words, { a, b }, { id: prepared.createId(), packId, tokenizer, writer }),
  };
}

/** What is wrong with a text for the pack it would be drawn by, in a sentence. */
export function warnOfPack({ packLimit, packId }: PreparedBlend, texts: readonly BlendedText[]): string[] {
  const longest = Math.max(...texts.map(({ document }) => document.slots.length));
  if (packLimit === null || longest <= packLimit) return [];
  return [`The pack ${packId} reads ${packLimit} tokens and would not read all ${longest} of this text: its words are others.`];
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
