import { takeOut } from './dialect-reading.ts';
import type { DialectReading } from './dialect-reading.ts';
import { readAttention } from './weighted-text.ts';
import type { AttentionGrammar } from './weighted-text.ts';

const grammar: AttentionGrammar = {
  brackets: false,
  explicit: 'replaces',
  escaped: new Set('()'),
  backslash: 'kept',
  unclosed: 'text',
};

/** Fooocus: emphasis as ComfyUI reads it, and its own signs for networks, wildcards and series. */
export function readFooocus(text: string): DialectReading {
  const notes: string[] = [];
  let words = takeOut(
    text,
    /<lora:[^>]*>|(?<![\p{L}\p{N}_])embedding:[^\s,()]+/giu,
    (found) => `${found} loads a file, which the studio does not have; it is left out.`,
    notes,
  );
  words = takeOut(
    words,
    /__[\w-]+__/g,
    (found) => `${found} stands for a line of a file, which the studio does not have.`,
    notes,
  );
  words = words.replace(/\[\[([^[\],]*)[^[\]]*\]\]/g, (found, first: string) => {
    notes.push(`${found.slice(0, 200)} is drawn one after the other; “${first.trim().slice(0, 100)}” is kept.`);
    return first;
  });
  return { pieces: readAttention(words, grammar), negative: '', settings: {}, notes };
}
