import type { StudioClient } from '../../../../contract/methods.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import type { SpokenGroup } from '../../../../contract/texts/text-help.ts';
import { groupWords } from '../prompt-text.ts';

/** What words of the open text speak of. The core's lexicon and the pack say; each word is asked for once. */
export class WordGroups {
  /** By pack and word. Not yet answered is no entry. */
  #known: ReadonlyMap<string, SpokenGroup> = $state.raw(new Map());
  readonly #asked = new Set<string>();
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** `none` also for a word that was not answered for yet. */
  groupOf(packId: string, word: string): SpokenGroup {
    const group = this.#known.get(keyOf(packId, word));
    return group === undefined ? 'none' : group;
  }

  /** Asks for the words of a text that were not asked for before. A failure leaves them to the next time. */
  async look({ packId, slots }: PromptDocument): Promise<void> {
    const texts = new Set(
      groupWords(slots).map((word) =>
        word
          .map(({ text }) => text)
          .join('')
          .toLowerCase(),
      ),
    );
    const words = [...texts].filter((word) => word.length <= 1_000 && !this.#asked.has(keyOf(packId, word))).slice(0, 1_000);
    if (words.length === 0) return;
    const keys = words.map((word) => keyOf(packId, word));
    for (const key of keys) this.#asked.add(key);
    try {
      const groups = await this.#client.language.groups({ packId, words });
      this.#known = new Map([...this.#known, ...keys.map((key, at) => [key, groups[at] ?? null] as const)]);
    } catch (failure) {
      for (const key of keys) this.#asked.delete(key);
      throw failure;
    }
  }
}

function keyOf(packId: string, word: string): string {
  return `${packId} ${word.toLowerCase()}`;
}
