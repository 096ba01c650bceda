import { partWords } from './part-words.ts';

// The characters the index's tokenizer keeps (library-index.ts): letters, numbers, private use, symbols and emoji, and marks.
const WORDS = /[\p{L}\p{N}\p{Co}\p{So}\p{Sk}\p{M}]+/gu;

// FTS5 gives up on an expression tree deeper than 256; no one means more words than this.
const MAX_WORDS = 64;

/**
 * Turns what a person typed into an FTS5 expression: every word must occur, by its beginning, in any order;
 * of scripts without spaces, its letters one after the other. Each word
 * is quoted, so no text is ever read as FTS5 syntax. The AND between them is left unwritten, because then FTS5 passes over a
 * word its own, older tables take for no word, such as a new emoji, instead of finding nothing.
 *
 * @returns null when the text holds no word to look for.
 */
export function toSearchExpression(text: string): string | null {
  const words = new Set(text.normalize('NFKC').match(WORDS) ?? []);
  if (words.size === 0) return null;
  return [...words]
    .slice(0, MAX_WORDS)
    .map((word) => `"${partWords(word).trim()}"*`)
    .join(' ');
}
