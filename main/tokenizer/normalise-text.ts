/** A text as the tokenizer reads it, and where each of its UTF-16 units came from. */
export interface NormalisedText {
  readonly text: string;
  /** Start and end (exclusive) in the original of every unit; null when unit i came from unit i. */
  readonly origin: { readonly starts: Int32Array; readonly ends: Int32Array } | null;
}

/** A character with everything that can compose with it: marks, and the Hangul vowels and finals that join a syllable. */
const composingRun = /[\s\S][\p{M}\u1160-\u11ff]*/gu;

/**
 * CLIP's normalisation: NFC, then lower case of every code point on its own (no final sigma, as in Hugging Face's fast tokenizer).
 * White space is not collapsed, because it only parts words.
 */
export function normaliseText(original: string): NormalisedText {
  if (isAscii(original)) return { text: original.toLowerCase(), origin: null };
  const pieces: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (piece: string, start: number, end: number): void => {
    pieces.push(piece);
    for (let units = piece.length; units > 0; units -= 1) {
      starts.push(start);
      ends.push(end);
    }
  };
  for (const { 0: run, index } of original.matchAll(composingRun)) {
    const composed = run.normalize('NFC');
    if (composed !== run) {
      add(lowerCase(composed), index, index + run.length);
      continue;
    }
    let position = index;
    for (const character of run) {
      add(character.toLowerCase(), position, position + character.length);
      position += character.length;
    }
  }
  return { text: pieces.join(''), origin: { starts: Int32Array.from(starts), ends: Int32Array.from(ends) } };
}

function lowerCase(text: string): string {
  return Array.from(text, (character) => character.toLowerCase()).join('');
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 127) return false;
  return true;
}
