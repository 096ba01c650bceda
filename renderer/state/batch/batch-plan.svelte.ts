import { z } from 'zod';
import type { BatchSettings } from '../../../contract/batch.ts';
import { chooseReader } from '../text/readers/reader-options.ts';
import type { ReaderOption } from '../text/readers/reader-options.ts';
import { startLength } from '../core/start-length.ts';
import type { Preferences, RememberedValues } from '../frame/preferences.svelte.ts';

/** What a new batch does; no lengths: the one that pictures open at. */
const batchPreferencesSchema = z.object({
  batchLengths: z.array(z.number().int().positive()).max(16).catch([]),
  /** Null: the model's encoder, or whoever reads by the rule where there is none. */
  batchReader: z.string().max(100).nullable().catch(null),
  batchDraw: z.boolean().catch(false),
  batchCount: z.number().int().min(1).max(16).catch(1),
  batchSeed: z.number().int().min(0).nullable().catch(null),
});

/** Tokens of a text where no encoder says at how many it reads. */
const usualLength = 15;

/** What is to be done with the pictures of the next batch. It is remembered, as most batches are like the one before. */
export class BatchPlan {
  readonly #preferences: RememberedValues<z.infer<typeof batchPreferencesSchema>>;
  readonly #known: () => readonly number[];
  readonly #readers: () => readonly ReaderOption[];
  readonly #lastUsed: () => number | null;

  /**
   * @param known numbers of tokens the pack reads pictures at
   * @param readers who can read here
   */
  constructor(preferences: Preferences, known: () => readonly number[], readers: () => readonly ReaderOption[] = () => []) {
    this.#readers = readers;
    this.#preferences = preferences.of(batchPreferencesSchema);
    this.#known = known;
    this.#lastUsed = () => preferences.values.length;
  }

  /** Those chosen for batches; where none was, the one that a picture opens at in the Studio. Nothing for a pack that reads none. */
  get lengths(): readonly number[] {
    const known = this.#known();
    const chosen = this.#preferences.values.batchLengths.filter((length) => known.includes(length));
    if (chosen.length > 0) return chosen;
    return known.length > 0 ? [startLength(known, this.#lastUsed())] : [usualLength];
  }

  /** At least one stays. */
  toggleLength(length: number): void {
    const next = this.lengths.includes(length) ? this.lengths.filter((one) => one !== length) : [...this.lengths, length];
    if (next.length > 0) this.#preferences.set({ batchLengths: next.toSorted((a, b) => a - b) });
  }

  /** Who reads; null where nobody can. */
  get reader(): ReaderOption | null {
    return chooseReader(this.#readers(), this.#preferences.values.batchReader);
  }

  chooseReader(key: string): void {
    this.#preferences.set({ batchReader: key });
  }

  get draw(): boolean {
    return this.#preferences.values.batchDraw;
  }

  set draw(draw: boolean) {
    this.#preferences.set({ batchDraw: draw });
  }

  /** Pictures drawn from each text, 1..16. */
  get count(): number {
    return this.#preferences.values.batchCount;
  }

  set count(count: number) {
    this.#preferences.set({ batchCount: count });
  }

  /** Null: a fresh one. */
  get seed(): number | null {
    return this.#preferences.values.batchSeed;
  }

  set seed(seed: number | null) {
    this.#preferences.set({ batchSeed: seed });
  }

  get settings(): BatchSettings {
    const { count, seed, reader } = this;
    const chosen = reader === null || reader.own === 'encoder' ? {} : { reader: reader.choice };
    return { lengths: [...this.lengths], ...chosen, draw: this.draw ? { count, ...(seed === null ? {} : { seed }) } : null };
  }
}
