import { takeOut } from './dialect-reading.ts';
import type { DialectReading } from './dialect-reading.ts';
import { keepFirstChoice } from './read-comfyui.ts';
import type { WeightedText } from './weighted-text.ts';

const mostOpen = 32;
const weightBehind = /(?:\d+\.?\d*|\.\d+)|\++|-+/y;

/** compel: a plus is 1.1, a minus 0.9. */
function toWeight(sign: string): number {
  if (sign.startsWith('+')) return 1.1 ** sign.length;
  return sign.startsWith('-') ? 0.9 ** sign.length : Number(sign);
}

/** InvokeAI, whose texts compel reads: `word++`, `(some words)1.3`, `(some words)--`, one within the other multiplied. */
export function readInvokeai(text: string): DialectReading {
  const notes: string[] = [];
  let words = takeOut(
    text,
    /<[^<>\s]+>/g,
    (found) => `${found} loads an embedding, which the studio does not have; it is left out.`,
    notes,
  );
  words = takeOut(
    words,
    /(?<!\\)\.(?:blend|and|swap)\([^()]*\)/g,
    (found) => `${found} mixes texts while the picture is drawn; the words before it stay.`,
    notes,
  );
  return { pieces: readWords(keepFirstChoice(words, notes)), negative: '', settings: {}, notes };
}

function readWords(text: string): WeightedText[] {
  const pieces: { text: string; weight: number }[] = [];
  const open: number[] = [];
  let word = '';
  const flush = (): void => {
    // A word ends in its signs: "fox++" and "fox--", but not "+" alone, nor a word with a dash inside.
    const [, body = '', signs = ''] = /^(.*?[^+\-\s])(\+{1,20}|-{1,20})$/s.exec(word.slice(-1000)) ?? [];
    if (signs === '') pieces.push({ text: word, weight: 1 });
    else pieces.push({ text: word.slice(0, Math.max(0, word.length - 1000)) + body, weight: toWeight(signs) });
    word = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\' && /[()"]/.test(text.charAt(at + 1))) {
      at += 1;
      word += text.charAt(at);
    } else if (character === '(' && open.length < mostOpen) {
      flush();
      open.push(pieces.length);
    } else if (character === ')' && open.length > 0) {
      flush();
      const start = open.pop() ?? 0;
      weightBehind.lastIndex = at + 1;
      const sign = weightBehind.exec(text)?.[0] ?? '';
      const factor = sign === '' ? 1 : toWeight(sign);
      for (const piece of pieces.slice(start)) piece.weight *= factor;
      at += sign.length;
    } else if (/\s|,/.test(character)) {
      flush();
      pieces.push({ text: character, weight: 1 });
    } else word += character;
  }
  flush();
  return mergeSpaces(pieces.filter((piece) => piece.text !== ''));
}

/** What stands between two words of one weight has that weight. */
function mergeSpaces(pieces: readonly WeightedText[]): WeightedText[] {
  const merged: { text: string; weight: number }[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last?.weight === piece.weight || (last !== undefined && /^\s*$/.test(piece.text))) last.text += piece.text;
    else merged.push({ ...piece });
  }
  return merged;
}
