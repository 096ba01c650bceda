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
      for (const [other, otherRow] of rows.entries()) {
        const isKnown = row >= 0 && otherRow >= 0;
        const likeness = isKnown ? cosine(vectors, row * width, vectors, otherRow * width, width) : 0;
        this.#likenesses[index * own.length + other] = index === other ? 1 : Math.max(0, likeness);
      }
    }
  }

  /** How much a text says twice: mean over its words of how alike each is to the nearest other, 0..1. */
  repetitionOf(tokenIds: readonly number[]): number {
    const indices = tokenIds.map((tokenId) => this.#indexOf.get(tokenId) ?? -1);
    let sum = 0;
    for (const [place, index] of indices.entries()) {
      let nearest = 0;
      for (const [other, otherIndex] of indices.entries()) {
        if (other === place || index < 0 || otherIndex < 0) continue;
        nearest = Math.max(nearest, this.#likenesses[index * this.#count + otherIndex] ?? 0);
      }
      sum += nearest;
    }
    return sum / Math.max(1, tokenIds.length);
  }
}
