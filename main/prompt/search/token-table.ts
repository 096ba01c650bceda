import type { Tokenizer } from '../../tokenizer/tokenizer.ts';

/** What a scorer says of each word alone: one vector of length 1 a token. */
export interface TokenTable {
  /** Ascending. */
  readonly tokenIds: Int32Array;
  readonly width: number;
  /** [tokens, width] */
  readonly vectors: Float32Array;
}

/** De-Diffusion's vocabulary leaves out punctuation (Wei et al. 2023, section 3); a search leaves out beginnings of words too. */
const wordPattern = /^[a-z0-9]+$/;

/**
 * Tokens a search may choose: letters and digits, whole words. A beginning of a word says nothing alone, so that a table of tokens that were
 * each asked alone would be wrong about it, and in a text it would grow together with whatever word comes next.
 */
export function listSearchWords(tokenizer: Tokenizer): Int32Array {
  const words: number[] = [];
  const special = new Set([tokenizer.bosId, tokenizer.eosId, tokenizer.padId]);
  for (let id = 0; id < tokenizer.vocabularySize; id += 1) {
    if (special.has(id) || !tokenizer.hasToken(id)) continue;
    const { text, endsWord } = tokenizer.tokenText(id);
    if (endsWord && wordPattern.test(text)) words.push(id);
  }
  return Int32Array.from(words);
}

/** How alike each token of the table is to a vector of length 1: cosines in the order of the table. */
export function compareWithTable({ tokenIds, width, vectors }: TokenTable, vector: Float32Array): Float32Array {
  return Float32Array.from(tokenIds, (_, row) => cosine(vectors, row * width, vector, 0, width));
}

/** Of two vectors of length 1 that lie in larger arrays. */
export function cosine(a: Float32Array, atA: number, b: Float32Array, atB: number, width: number): number {
  let sum = 0;
  for (let index = 0; index < width; index += 1) sum += (a[atA + index] ?? 0) * (b[atB + index] ?? 0);
  return sum;
}

/** The part of a table that knows these words, as far as it knows them. */
export function narrowTable({ tokenIds, width, vectors }: TokenTable, words: readonly number[]): TokenTable {
  const wanted = new Set(words);
  const rows = Array.from(tokenIds.keys()).filter((row) => wanted.has(tokenIds[row] ?? -1));
  const narrow = new Float32Array(rows.length * width);
  for (const [at, row] of rows.entries()) narrow.set(vectors.subarray(row * width, (row + 1) * width), at * width);
  return { tokenIds: Int32Array.from(rows, (row) => tokenIds[row] ?? -1), width, vectors: narrow };
}
