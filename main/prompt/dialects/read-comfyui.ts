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

/** The text of ComfyUI's CLIP Text Encode node, as it stands in the page. */
export function readComfyui(text: string): DialectReading {
  const notes: string[] = [];
  let words = takeOut(text, /\/\*[^]*?\*\/|\/\/[^\n]*/g, (found) => `“${found}” is a comment.`, notes);
  words = takeOut(
    words,
    /(?<![\p{L}\p{N}_])embedding:[^\s,()]+/giu,
    (found) => `${found} loads a file, which the studio does not have; it is left out.`,
    notes,
  );
  return { pieces: readAttention(keepFirstChoice(words, notes), grammar), negative: '', settings: {}, notes };
}

/** `{red|blue}` is one of them by chance; the first is kept. */
export function keepFirstChoice(text: string, notes: string[]): string {
  return text.replace(/(?<!\\)\{([^{}|\\]*)(?:\|[^{}\\]*)?(?<!\\)\}/g, (found, first: string) => {
    notes.push(`${found.slice(0, 200)} is one of these by chance; “${first.trim().slice(0, 100)}” is kept.`);
    return first;
  });
}
