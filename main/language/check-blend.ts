import type { BlendChecks } from '../../contract/texts/blend.ts';
import type { PictureParts } from './find-parts.ts';
import type { Lexicon } from './lexicon.ts';
import type { WordKind } from './word-kind.ts';
import { readPictureWords } from './picture-words.ts';
import type { PictureWord } from './picture-words.ts';

/** A text of a picture as it was given, with what it says. */
export interface BlendSide {
  readonly text: string;
  readonly words: readonly PictureWord[];
  readonly parts: PictureParts;
}

export interface CheckOptions {
  readonly lexicon: Lexicon;
  readonly limit: number;
  readonly countTokens: (text: string) => number;
  /** How often one word may be said: 1 for a list of facts, more for sentences that come back to their subject. */
  readonly mostTimes: number;
  readonly subjects: ReadonlySet<string>;
  /** Texts that gave words besides the two. */
  readonly others?: readonly BlendSide[];
  /** True for texts of a form with fixed places, in which most words are shared and some are said twice. */
  readonly byPlace?: boolean;
}

const silent: ReadonlySet<WordKind> = new Set(['filler', 'relation', 'verb', 'adverb', 'abstract']);

/** The places that make a scene: the first few, and what lies behind all. Without either, its light and its style. */
function sceneBases({ places, backdrop, light, styles, colours }: PictureParts): ReadonlySet<string> {
  const bases = [...places.slice(0, 6).map(({ head }) => head.base), ...(backdrop === null ? [] : [backdrop.head.base])];
  if (bases.length > 0) return new Set(bases);
  return new Set([...light, ...styles, ...colours].map(({ base }) => base));
}

function hasSubject(said: ReadonlySet<string>, object: BlendSide, scene: BlendSide): boolean {
  const wanted = object.parts.subject?.head.base;
  // A landscape is its own scene.
  const { head } = scene.parts.subject ?? {};
  const other = head?.kind === 'place' ? undefined : head?.base;
  const named = wanted === undefined || said.has(wanted);
  // It may stand there as what it also is in the first text: forests behind a deer, when the second is of a forest.
  const strange = other !== undefined && other !== wanted && said.has(other) && !object.words.some(({ base }) => base === other);
  return named && !strange;
}

function findRepeats(words: readonly PictureWord[], mostTimes: number): string[] {
  const content = words.filter(({ kind }) => !silent.has(kind));
  const repeated = new Set<string>();
  content.forEach((word, at) => {
    const times = content.filter(({ base }) => base === word.base).length;
    const next = content[at + 1];
    const isDoubled = next?.base === word.base && next.index === word.index + 1;
    if (times > mostTimes || isDoubled) repeated.add(word.base);
  });
  return [...repeated];
}

/** Tokens that are no word: of the sources' glued ones, or letters run together or broken off. */
function findGlued(text: string, sides: readonly BlendSide[], lexicon: Lexicon): string[] {
  const known = new Set(sides.flatMap(({ words }) => words.map((word) => word.text)));
  return text
    .split(/\s+/u)
    .map((word) => word.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter(
      (word) =>
        word.length > 2 &&
        /^\p{Script=Latin}+$/u.test(word) &&
        !known.has(word) &&
        lexicon.kindOf(word) === null &&
        !isFormOfWord(word, lexicon),
    );
}

/** Endings that a lexicon of single words lists for the commonest only. */
function isFormOfWord(word: string, lexicon: Lexicon): boolean {
  const stems = [
    [/ing$/, ''],
    [/ing$/, 'e'],
    [/ed$/, ''],
    [/ed$/, 'e'],
    [/ly$/, ''],
    [/er$/, ''],
    [/est$/, ''],
    [/y$/, ''],
    [/ish$/, ''],
    [/less$/, ''],
    [/ness$/, ''],
  ] as const;
  return stems.some(([ending, replacement]) => ending.test(word) && lexicon.kindOf(word.replace(ending, replacement)) !== null);
}

/** Runs of three words that two texts share, as a share of the answer's. */
function overlap(answer: readonly string[], source: readonly string[]): number {
  const runs = (words: readonly string[]): string[] => words.slice(2).map((_, at) => words.slice(at, at + 3).join(' '));
  const own = runs(answer);
  const theirs = new Set(runs(source));
  return own.length === 0 ? 0 : own.filter((run) => theirs.has(run)).length / own.length;
}

const plainWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function isEcho(text: string, sides: readonly BlendSide[]): boolean {
  const answer = plainWords(text);
  return sides.some((side) => {
    const source = plainWords(side.text);
    return source.length > 0 && (answer.join(' ') === source.join(' ') || overlap(answer, source) > 0.6);
  });
}

/**
 * Whether an answer is a blend, whoever wrote it: the subject of one and the scene of the other are there, no word is said too often or
 * glued, it is neither of the two texts again, and it fits.
 */
export function checkBlend(text: string, object: BlendSide, scene: BlendSide, options: CheckOptions): BlendChecks {
  const { lexicon, subjects, limit, countTokens, mostTimes, others = [], byPlace = false } = options;
  const words = readPictureWords(text, lexicon, { subjects });
  const said = new Set(words.map(({ base }) => base));
  const wanted = [...sceneBases(scene.parts)];
  const sides = [object, scene, ...others];
  return {
    subject: hasSubject(said, object, scene),
    setting: wanted.length === 0 || wanted.some((base) => said.has(base)),
    repeats: byPlace ? [] : findRepeats(words, mostTimes),
    glued: findGlued(text, sides, lexicon),
    echo: byPlace ? sides.some((side) => plainWords(side.text).join(' ') === plainWords(text).join(' ')) : isEcho(text, sides),
    fits: countTokens(text) <= limit,
  };
}

export function passes({ subject, setting, repeats, glued, echo, fits }: BlendChecks): boolean {
  return subject && setting && repeats.length === 0 && glued.length === 0 && !echo && fits;
}
