import { takeOut } from './dialect-reading.ts';
import type { DialectReading } from './dialect-reading.ts';
import { readAttention } from './weighted-text.ts';
import type { AttentionGrammar } from './weighted-text.ts';

/** The page takes the backslash before braces and bars away before the node sees the text. */
const grammar: AttentionGrammar = {
  brackets: false,
  explicit: 'replaces',
  escaped: new Set('(){}|'),
  backslash: 'kept',
  unclosed: 'text',
};

/** A file is loaded where a word begins so, and where parentheses begin or end; within a word it is a word. */
export const namedEmbedding = /(?<=^|\s|(?<!\\)[()])embedding:[^\s,()]+/giu;

/** The text of ComfyUI's CLIP Text Encode node, as it stands in the page. */
export function readComfyui(text: string): DialectReading {
  const notes: string[] = [];
  let words = takeOut(text, /\/\*[^]*?\*\/|\/\/[^\n]*/g, (found) => `“${found}” is a comment.`, notes);
  // Before the node sees the text.
  words = keepFirstChoice(words, notes);
  words = takeOut(
    words,
    namedEmbedding,
    (found) => `${found} loads a file, which the studio does not have; it is left out.`,
    notes,
  );
  return { pieces: readAttention(words, grammar), negative: '', settings: {}, notes };
}

/** `{red|blue}` is one of them by chance; the first is kept. */
export function keepFirstChoice(text: string, notes: string[]): string {
  return text.replace(/(?<!\\)\{([^{}|\\]*)(?:\|[^{}\\]*)?(?<!\\)\}/g, (found, first: string) => {
    notes.push(`${found.slice(0, 200)} is one of these by chance; “${first.trim().slice(0, 100)}” is kept.`);
    return first;
  });
}
