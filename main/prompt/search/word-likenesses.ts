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
    const count = tokenIds.length;
    const rows = Int32Array.from(tokenIds, (tokenId) => this.#indexOf.get(tokenId) ?? -1);
    let sum = 0;
    // Thousands of texts are asked about in a second: loops without objects take a tenth of the time.
    for (let place = 0; place < count; place += 1) {
      const row = (rows[place] ?? -1) * this.#count;
      let nearest = 0;
      for (let other = 0; row >= 0 && other < count; other += 1) {
        const column = rows[other] ?? -1;
        if (other === place || column < 0) continue;
        const likeness = this.#likenesses[row + column] ?? 0;
        if (likeness > nearest) nearest = likeness;
      }
      sum += nearest;
    }
    return sum / Math.max(1, count);
  }
}
