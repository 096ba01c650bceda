import type { ChosenItems } from './library-chosen.ts';

/** Deleting for good: the one act that cannot be taken back, so the one that asks. */
export class LibraryDeletion {
  #asked: 'chosen' | 'all' | null = $state(null);
  readonly #chosen: ChosenItems;

  constructor(chosen: ChosenItems) {
    this.#chosen = chosen;
  }

  /** What is asked about; null while nothing is. */
  get asked(): 'chosen' | 'all' | null {
    return this.#asked;
  }

  ask(about: 'chosen' | 'all'): void {
    if (about === 'all' || this.#chosen.ids.length > 0) this.#asked = about;
  }

  async answer(yes: boolean): Promise<void> {
    const asked = this.#asked;
    this.#asked = null;
    if (!yes || asked === null) return;
    if (asked === 'all') await this.#chosen.emptyTrash();
    else await this.#chosen.deleteForGood();
  }
}
