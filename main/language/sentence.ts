import type { PictureWord } from './picture-words.ts';

/** The texts of a blend, in their order. */
export const letters = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
export type Letter = (typeof letters)[number];

/** Which of the texts a word was taken from; null for a word that only joins others. */
export type Side = Letter | null;

export interface SaidWord {
  /** As it stands in the sentence, with a comma that follows it. */
  readonly text: string;
  readonly from: Side;
  /** Its place among the words of that text; null for a joining word. */
  readonly index: number | null;
}

/** Words of which a sentence without any one is still a sentence. */
export interface Clause {
  /** A higher number is left out earlier when the text must be shorter; 0 stays. */
  readonly rank: number;
  readonly words: readonly SaidWord[];
  /** True where a comma stands before it. */
  readonly apart: boolean;
}

export const join = (text: string): SaidWord => ({ text, from: null, index: null });
export const say = ({ text, index }: PictureWord, from: Letter): SaidWord => ({ text, from, index });

export const articleFor = (word: string): string => (/^(?:[aeio]|u(?!ni|se|to))/.test(word) ? 'an' : 'a');

/** "red", "red and blue", "red, blue and green". */
export function listWords(words: readonly SaidWord[]): SaidWord[] {
  return words.flatMap((word, index) => {
    if (index === words.length - 1) return [word];
    if (index === words.length - 2) return [word, join('and')];
    return [{ ...word, text: `${word.text},` }];
  });
}

/** The clauses in their order. */
export function joinClauses(clauses: readonly Clause[]): SaidWord[] {
  const said: SaidWord[] = [];
  for (const { words, apart } of clauses) {
    const last = said.at(-1);
    if (apart && last !== undefined) said[said.length - 1] = { ...last, text: `${last.text},` };
    said.push(...words);
  }
  return said;
}

export const textOf = (words: readonly { readonly text: string }[]): string => words.map(({ text }) => text).join(' ');

/** Leaves clauses out, the least needed first, until the text has at most `limit` tokens. */
export function shortenClauses(
  clauses: readonly Clause[],
  limit: number,
  countTokens: (text: string) => number,
): readonly Clause[] {
  let kept = clauses;
  while (countTokens(textOf(joinClauses(kept))) > limit) {
    const highest = Math.max(...kept.map(({ rank }) => rank));
    if (highest <= 0) return kept;
    kept = kept.filter(({ rank }) => rank !== highest);
  }
  return kept;
}
