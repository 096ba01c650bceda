import { takeOut } from './dialect-reading.ts';
import type { DialectReading } from './dialect-reading.ts';
import { namedEmbedding } from './read-comfyui.ts';
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
  let words = text;
  for (const file of [/<lora:[^>]*>/giu, namedEmbedding]) {
    const tell = (found: string): string => `${found} loads a file, which the studio does not have; it is left out.`;
    words = takeOut(words, file, tell, notes);
  }
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
