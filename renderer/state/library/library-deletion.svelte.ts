import type { ChosenItems } from './library-chosen.ts';

/** What is to be deleted for good: these items, or everything in the trash. */
type Asked = { readonly about: 'chosen'; readonly itemIds: readonly string[] } | { readonly about: 'all' };

/** Deleting for good: the one act that cannot be taken back, so the one that asks. */
export class LibraryDeletion {
  #asked: Asked | null = $state.raw(null);
  readonly #chosen: ChosenItems;

  constructor(chosen: ChosenItems) {
    this.#chosen = chosen;
  }

  /** What is asked about; null while nothing is. */
  get asked(): Asked | null {
    return this.#asked;
  }

  /** Asks about the chosen items, everything in chosen stacks among them, or about the whole trash. */
  async ask(about: Asked['about']): Promise<void> {
    if (about === 'all') this.#asked = { about };
    else {
      const itemIds = await this.#chosen.members();
      if (itemIds.length > 0) this.#asked = { about, itemIds };
    }
  }

  async answer(yes: boolean): Promise<void> {
    const asked = this.#asked;
    this.#asked = null;
    if (!yes || asked === null) return;
    if (asked.about === 'all') await this.#chosen.emptyTrash();
    else await this.#chosen.deleteForGood(asked.itemIds);
  }
}
