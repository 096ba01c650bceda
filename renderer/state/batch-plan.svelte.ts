import type { BatchSettings } from '../../contract/batch.ts';

/** What is to be done with the pictures of the next batch. */
export class BatchPlan {
  #lengths: readonly number[] | null = $state.raw(null);
  draw = $state(false);
  /** Pictures drawn from each text. */
  count = $state(1);
  /** Null: a fresh one. */
  seed: number | null = $state(null);
  readonly #known: () => readonly number[];

  /** @param known numbers of tokens the pack reads pictures at */
  constructor(known: () => readonly number[]) {
    this.#known = known;
  }

  /** The longest says most, so that it is what a batch reads where nothing else was chosen. */
  get lengths(): readonly number[] {
    const known = this.#known();
    const chosen = this.#lengths?.filter((length) => known.includes(length)) ?? [];
    return chosen.length > 0 ? chosen : known.slice(-1);
  }

  /** At least one stays. */
  toggleLength(length: number): void {
    const next = this.lengths.includes(length) ? this.lengths.filter((one) => one !== length) : [...this.lengths, length];
    if (next.length > 0) this.#lengths = next.toSorted((a, b) => a - b);
  }

  get settings(): BatchSettings {
    const { count, seed } = this;
    return { lengths: [...this.lengths], draw: this.draw ? { count, ...(seed === null ? {} : { seed }) } : null };
  }
}
