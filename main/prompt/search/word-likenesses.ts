import { cosine } from './token-table.ts';
import type { TokenTable } from './token-table.ts';

/** How alike the few words of one search are to each other, by a scorer's table. */
export class WordLikenesses {
  readonly #indexOf: ReadonlyMap<number, number>;
  readonly #count: number;
  /** [words, words]; cosines below 0 count as 0. */
  readonly #likenesses: Float32Array;

  /** @param words a word that the table lacks is like none but itself */
  constructor({ tokenIds, vectors, width }: TokenTable, words: readonly number[]) {
    const own = [...new Set(words)];
    const rows = own.map((tokenId) => tokenIds.indexOf(tokenId));
    this.#indexOf = new Map(own.map((tokenId, index) => [tokenId, index]));
    this.#count = own.length;
    this.#likenesses = new Float32Array(own.length ** 2);
    for (const [index, row] of rows.entries()) {
      for (const [other, otherRow] of rows.slice(0, index).entries()) {
        const isKnown = row >= 0 && otherRow >= 0;
        const likeness = isKnown ? Math.max(0, cosine(vectors, row * width, vectors, otherRow * width, width)) : 0;
        this.#likenesses[index * own.length + other] = likeness;
        this.#likenesses[other * own.length + index] = likeness;
      }
      this.#likenesses[index * own.length + index] = 1;
    }
  }

  /**
   * How much a text says twice with each of several words at one place of it, or after it: mean over its words of how alike each is to the nearest
   * other, 0..1.
   */
  repetitionsAt(tokenIds: readonly number[], place: number, tried: readonly number[]): Float64Array {
    const count = Math.max(tokenIds.length, place + 1);
    const rows = new Int32Array(count);
    for (let at = 0; at < count; at += 1) rows[at] = at === place ? -1 : this.#rowOf(tokenIds[at]);
    // What the others say of each other is the same whatever word is tried: a search asks about thousands of words.
    const nearestOther = new Float32Array(count);
    for (let at = 0; at < count; at += 1) nearestOther[at] = this.#nearest(rows[at] ?? -1, rows, at);
    const repetitions = new Float64Array(tried.length);
    for (let index = 0; index < tried.length; index += 1) {
      repetitions[index] = this.#sumWith(this.#rowOf(tried[index]), rows, place, nearestOther) / count;
    }
    return repetitions;
  }

  /** Of all words of a text, with one more at a place, how alike each is to the nearest other. */
  #sumWith(own: number, rows: Int32Array, place: number, nearestOther: Float32Array): number {
    let sum = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? -1;
      const nearest = nearestOther[at] ?? 0;
      if (at === place) sum += this.#nearest(own, rows, place);
      else if (row >= 0 && own >= 0) {
        const likeness = this.#likenesses[row * this.#count + own] ?? 0;
        sum += likeness > nearest ? likeness : nearest;
      } else sum += nearest;
    }
    return sum;
  }

  #rowOf(tokenId: number | undefined): number {
    return tokenId === undefined ? -1 : (this.#indexOf.get(tokenId) ?? -1);
  }

  /** How alike a word is to the nearest of the text but the one at a place. Loops without objects take a tenth of the time. */
  #nearest(row: number, rows: Int32Array, place: number): number {
    let nearest = 0;
    for (let other = 0; row >= 0 && other < rows.length; other += 1) {
      const column = rows[other] ?? -1;
      if (other === place || column < 0) continue;
      const likeness = this.#likenesses[row * this.#count + column] ?? 0;
      if (likeness > nearest) nearest = likeness;
    }
    return nearest;
  }
}
