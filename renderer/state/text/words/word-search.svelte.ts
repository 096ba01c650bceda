import { findInText } from '../find-in-text.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import type { Stretch, WordCommands } from './word-commands.svelte.ts';

/** Looking for words in the open text, and writing others in their place. */
export class WordSearch {
  query = $state('');
  replacement = $state('');
  #at = $state(0);
  readonly #work: OpenWork;
  readonly #words: WordCommands;
  readonly #found = $derived.by((): readonly Stretch[] => findInText(this.#work.text, this.query));

  constructor(work: OpenWork, words: WordCommands) {
    this.#work = work;
    this.#words = words;
  }

  /** In the order of the text. */
  get found(): readonly Stretch[] {
    return this.#found;
  }

  /** The number of the one that was gone to last, from 0. */
  get at(): number {
    return Math.min(this.#at, Math.max(0, this.#found.length - 1));
  }

  /** Tokens that lie in what was found. */
  get slotIds(): readonly string[] {
    return this.#work.ranges
      .filter(({ from, to }) => this.#found.some((stretch) => from < stretch.to && stretch.from < to))
      .map(({ slot }) => slot.id);
  }

  /** Begins with the word that is chosen, which is what a person mostly looks for. */
  begin(): void {
    const chosen = this.#words.selected.map((slot) => slot.text + (slot.endsWord ? ' ' : '')).join('');
    if (chosen.trim() !== '') this.query = chosen.trim();
    this.#at = 0;
  }

  /** Selects the next or the one before, around the ends. */
  step(by: 1 | -1): void {
    const count = this.#found.length;
    if (count === 0) return;
    this.#at = (this.at + by + count) % count;
    const stretch = this.#found[this.at];
    if (stretch === undefined) return;
    const ranges = this.#work.ranges.filter(({ from, to }) => from < stretch.to && stretch.from < to);
    const ids = ranges.map(({ slot }) => slot.id);
    this.#words.select(ids);
    this.#words.editor?.select(ids);
  }

  /** Every place at once, or the one gone to last; one undo takes it back. */
  replace(which: 'all' | 'one'): void {
    const one = this.#found[this.at];
    const stretches = which === 'all' ? this.#found : one === undefined ? [] : [one];
    this.#words.editor?.write(stretches, this.replacement.trim());
  }
}
