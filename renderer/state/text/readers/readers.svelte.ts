import { z } from 'zod';
import { packLimits } from '../../../../contract/models/pack-limits.ts';
import type { CoreFacts } from '../../core/core-facts.svelte.ts';
import type { Preferences, RememberedValues } from '../../frame/preferences.svelte.ts';
import type { Writers } from '../../settings/writers.svelte.ts';
import { chooseReader, listReaders } from './reader-options.ts';
import type { ReaderOption } from './reader-options.ts';

const readerPreferencesSchema = z.object({
  /** The reader of pictures that are opened; null: by the rule. */
  reader: z.string().max(100).nullable().catch(null),
  /** Tokens of a text by a reader that takes any number. */
  readerLength: z.number().int().min(1).max(packLimits.longestLength).catch(15),
});

interface Options {
  readonly preferences: Preferences;
  readonly facts: CoreFacts;
  readonly writers: Writers;
}

/** Who can read pictures here, and whom the artist chose. */
export class Readers {
  readonly #remembered: RememberedValues<z.infer<typeof readerPreferencesSchema>>;
  readonly #options: Options;
  readonly #all = $derived.by(() => {
    const { facts, writers } = this.#options;
    const { pack, lengths, drawer } = facts;
    return listReaders({ pack, lengths, drawer, models: writers.models, captioners: writers.captioners });
  });
  readonly #chosen = $derived.by(() => chooseReader(this.#all, this.#remembered.values.reader));

  constructor(options: Options) {
    this.#options = options;
    this.#remembered = options.preferences.of(readerPreferencesSchema);
  }

  /** The model's own encoder first. */
  get all(): readonly ReaderOption[] {
    return this.#all;
  }

  /** Who reads pictures that are opened; null where nobody can. */
  get chosen(): ReaderOption | null {
    return this.#chosen;
  }

  find(key: string): ReaderOption | null {
    return this.#all.find((one) => one.key === key) ?? null;
  }

  /** What was wished for, also where it is not there now; null: by the rule. */
  get wish(): string | null {
    return this.#remembered.values.reader;
  }

  /** Who reads pictures that are opened, once it is known which language models are connected. */
  async findChosen(): Promise<ReaderOption | null> {
    const { writers } = this.#options;
    if (this.wish?.startsWith('caption@') === true && writers.connections === null) await writers.load();
    return this.chosen;
  }

  choose(key: string | null): void {
    this.#remembered.set({ reader: key });
  }

  /** Tokens of a text by a reader that takes any number. */
  get length(): number {
    return this.#remembered.values.readerLength;
  }

  set length(readerLength: number) {
    this.#remembered.set({ readerLength });
  }

  /** How many tokens a reader is asked for beside the open text: as many as that has, where it can. */
  lengthBeside({ keepsLengths }: ReaderOption, openLength: number | null): number {
    const { lengths } = this.#options.facts;
    if (!keepsLengths) return this.length;
    const known = lengths.find((length) => length === openLength);
    return known ?? lengths.findLast((length) => length <= this.length) ?? lengths[0] ?? this.length;
  }
}
