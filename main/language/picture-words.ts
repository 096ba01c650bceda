import type { Lexicon } from './lexicon.ts';
import type { WordKind } from './word-kind.ts';
import { namedThings } from './named-things.ts';

/** A word of a text about a picture, and what it says. */
export interface PictureWord {
  /** In small letters, without punctuation. */
  readonly text: string;
  /** Two words of one base count as the same. */
  readonly base: string;
  readonly kind: WordKind;
  /** A name takes no article. */
  readonly isName: boolean;
  /** Its place among the words of its text. */
  readonly index: number;
}

export interface ReadWordsOptions {
  /** Words that are things to be shown whatever the lexicon says, such as the objects a pack knows. */
  readonly subjects?: ReadonlySet<string>;
}

/** Text as a reader of pictures writes it, not as a person does: no punctuation, and the same words again and again. */
export function isReadText(words: readonly string[]): boolean {
  if (words.length < 12 || words.some((word) => /[.,;:!?]$/.test(word))) return false;
  return new Set(words).size < words.length * 0.85;
}

/** A plain run of letters: what a name looks like. Longer ones are mostly several tokens glued together. */
const nameLike = /^\p{L}[\p{L}'’-]{2,11}$/u;

/** What a name stands for in a picture: brands are not to be seen. */
function kindOfName(name: string): WordKind | null {
  const named = namedThings.get(name);
  return named === undefined ? null : named.kind === 'brand' ? 'filler' : 'person';
}

/**
 * The words of a text with what each is. Tokens that were glued together (`geomeangular`, `osfuturistic`) are left out of texts that a
 * reader wrote; in a person's text a word that the lexicon does not know is taken for a name of something.
 */
export function readPictureWords(text: string, lexicon: Lexicon, { subjects }: ReadWordsOptions = {}): PictureWord[] {
  const raw = text.split(/\s+/u).filter((word) => word !== '');
  const written = isReadText(raw);
  return raw.flatMap((rawWord, index) => {
    const word = rawWord.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    if (word === '') return [];
    const base = lexicon.baseOf(word);
    const known = subjects?.has(word) === true ? 'thing' : (kindOfName(word) ?? lexicon.kindOf(word));
    const kind = known ?? (word.length < 3 ? 'filler' : !written && nameLike.test(word) ? 'thing' : null);
    return kind === null ? [] : [{ text: word, base, kind, isName: lexicon.isName(word), index }];
  });
}
