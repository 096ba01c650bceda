import type { Slot } from './prompt.ts';

/** A run of visible slots up to one that ends a word: what stands between two spaces. */
export interface VisibleWord {
  readonly text: string;
  /** Indices into the slots; muted ones in between are not listed. */
  readonly slotIndices: readonly number[];
  /** False only for a last word that breaks off before its end. */
  readonly isWhole: boolean;
}

/**
 * The words that reach a decoder, in order: muted slots are left out.
 *
 * Some slots have no characters of their own: where one character takes several tokens, the first carries it. Such slots
 * belong to the word they stand in, and never make a word alone unless nothing else is there.
 */
export function visibleWords(slots: readonly Pick<Slot, 'text' | 'endsWord' | 'muted'>[]): VisibleWord[] {
  const words: VisibleWord[] = [];
  let text = '';
  let slotIndices: number[] = [];
  let isWhole = false;
  const close = (): void => {
    words.push({ text, slotIndices, isWhole });
    text = '';
    slotIndices = [];
    isWhole = false;
  };
  slots.forEach((slot, index) => {
    if (slot.muted) return;
    if (isWhole && slot.text !== '') close();
    text += slot.text;
    slotIndices.push(index);
    if (slot.endsWord && text !== '') isWhole = true;
  });
  if (slotIndices.length > 0) close();
  return words;
}

/** What takes the place of a word, with the signs that stood before and behind it: `(Zelda,` becomes `(game,`. */
export function inPlaceOf(word: string, instead: string): string {
  const [before, after] = [/^[^\p{L}\p{N}]*/u, /[^\p{L}\p{N}]*$/u].map((signs) => signs.exec(word)?.[0] ?? '');
  return `${before}${instead}${after}`;
}

/**
 * English words that only join others: articles, conjunctions, pronouns, auxiliaries, and those prepositions that tell nothing of a
 * place. A closed list: whatever is not on it says something of a picture, as `under`, `behind` and `between` do.
 */
const joiningWords = new Set(
  (
    'a an the this that these those some any each every no not ' +
    'of in on at by to from with without for as into onto upon off out ' +
    'and or but nor so yet if than then while because ' +
    'i you he she it we they me him her us them my your his its our their who whom whose which what where when there here ' +
    'is are was were be been being am do does did has have had can could will would shall should may might must'
  ).split(' '),
);

/**
 * True for a word that says something of a picture. What holds no letter or digit does not, nor does a single letter of the
 * alphabet; a single ideograph does.
 */
export function isContentWord(text: string): boolean {
  const word = text.toLowerCase().replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  return word !== '' && !/^\p{Script=Latin}$/u.test(word) && !joiningWords.has(word);
}

/** The visible words that say something of a picture: those whose value a job measures. */
export function contentWords(slots: readonly Pick<Slot, 'text' | 'endsWord' | 'muted'>[]): VisibleWord[] {
  return visibleWords(slots).filter(({ text }) => isContentWord(text));
}
