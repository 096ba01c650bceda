import { byteAlphabet } from './byte-alphabet.ts';
import { mergeWord } from './merge-word.ts';
import type { MergeRanks } from './merge-word.ts';
import { normaliseText } from './normalise-text.ts';

export const endOfWord = '</w>';
/**
 * OpenAI's pattern, on lower-case text: begin and end as they are written, contractions, runs of letters, single digits, runs of anything else
 * but white space.
 */
const wordPattern = /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;
/** Words kept with their tokens; longer or later ones are worked out each time. */
const cachedWords = 20_000;
const cachedWordLength = 64;

interface EncodedWord {
  readonly ids: readonly number[];
  /** UTF-8 bytes each token stands for. */
  readonly byteLengths: readonly number[];
}
type EncodeWord = (word: string) => EncodedWord;

/** Makes the encoder of single words, which remembers the words it has seen. */
export function wordEncoder(idOfToken: ReadonlyMap<string, number>, ranks: MergeRanks, unknownId: number): EncodeWord {
  const cache = new Map<string, EncodedWord>();
  const encoder = new TextEncoder();
  return (word) => {
    const known = cache.get(word);
    if (known) return known;
    const symbols = Array.from(encoder.encode(word), (byte) => byteAlphabet.characterOfByte[byte] ?? '');
    const tokens = mergeWord([...symbols.slice(0, -1), `${symbols.at(-1) ?? ''}${endOfWord}`], ranks);
    const last = tokens.length - 1;
    const encoded = {
      ids: tokens.map((token) => idOfToken.get(token) ?? unknownId),
      byteLengths: tokens.map((token, index) => token.length - (index === last ? endOfWord.length : 0)),
    };
    if (word.length <= cachedWordLength && cache.size < cachedWords) cache.set(word, encoded);
    return encoded;
  };
}

/** Calls `addToken` for the tokens of a text without special tokens; `offset` is where the text begins in the whole. */
export function encodeWords(
  original: string,
  offset: number,
  encodeWord: EncodeWord,
  addToken: (id: number, start: number, end: number) => void,
): void {
  const { text, origin } = normaliseText(original);
  for (const [word, index] of wordsOf(text)) {
    const { ids, byteLengths } = encodeWord(word);
    const units = unitsOfBytes(word);
    let byte = 0;
    for (const [position, id] of ids.entries()) {
      const length = byteLengths[position] ?? 0;
      const first = index + (units ? (units[byte] ?? 0) : byte);
      const last = index + (units ? (units[byte + length - 1] ?? 0) : byte + length - 1);
      byte += length;
      addToken(
        id,
        offset + (origin ? (origin.starts[first] ?? 0) : first),
        offset + (origin ? (origin.ends[last] ?? 0) : last + 1),
      );
    }
  }
}

/** Words with where they begin. Begin and end written in capitals are no special tokens, yet stand apart: brackets, name, brackets. */
function* wordsOf(text: string): Generator<readonly [word: string, index: number]> {
  for (const { 0: word, index } of text.matchAll(wordPattern)) {
    if (!/^<\|\p{L}/u.test(word)) yield [word, index];
    else {
      yield [word.slice(0, 2), index];
      yield [word.slice(2, -2), index + 2];
      yield [word.slice(-2), index + word.length - 2];
    }
  }
}

/** For every UTF-8 byte of a word the UTF-16 unit that begins its character; null when they are the same. */
function unitsOfBytes(word: string): Int32Array | null {
  let bytes = 0;
  for (const character of word) bytes += utf8Length(character);
  if (bytes === word.length) return null;
  const units = new Int32Array(bytes);
  let byte = 0;
  let unit = 0;
  for (const character of word) {
    const length = utf8Length(character);
    units.fill(unit, byte, byte + length);
    byte += length;
    unit += character.length;
  }
  return units;
}

/** A lone surrogate becomes U+FFFD, three bytes like any other character of the basic plane from U+0800. */
function utf8Length(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
