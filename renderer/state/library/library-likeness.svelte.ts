import type { LibraryRow, LibrarySimilar, LibrarySimilarQuery } from '../../../contract/library.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import type { ListSection } from './time-spans.ts';

/** The core goes on looking at pictures while it is asked; this often is often enough to see it move. */
const askAgainMs = 700;

/** Pictures or texts like something, and how far the core has come with looking at the library. */
export class LikenessList {
  #answer: LibrarySimilar | null = $state.raw(null);
  readonly #questions = new NewestQuestion();
  #timer: ReturnType<typeof setTimeout> | null = null;

  get answer(): LibrarySimilar | null {
    return this.#answer;
  }

  get total(): number | null {
    return this.#answer?.rows.length ?? null;
  }

  get sections(): readonly ListSection[] {
    return [{ span: null, count: this.total ?? 0 }];
  }

  loaded(): readonly LibraryRow[] {
    return this.#answer?.rows ?? [];
  }

  row(index: number): (LibraryRow & { score: number }) | null {
    return this.#answer?.rows[index] ?? null;
  }

  indexOf(itemId: string): number {
    return this.#answer?.rows.findIndex(({ id }) => id === itemId) ?? -1;
  }

  /** Asks until every picture has been looked at, or something else is asked. Rejects when the first question fails. */
  async ask(find: (query: LibrarySimilarQuery) => Promise<LibrarySimilar>, query: LibrarySimilarQuery): Promise<void> {
    this.stop();
    const isNewest = this.#questions.last();
    const answer = await find(query);
    if (!isNewest()) return;
    this.#answer = answer;
    if (answer.seen < answer.total) {
      // A core that went away answers the next time; the banner says so meanwhile.
      this.#timer = setTimeout(() => void this.ask(find, query).catch(() => undefined), askAgainMs);
    }
  }

  stop(): void {
    this.#questions.ask();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  clear(): void {
    this.stop();
    this.#answer = null;
  }
}
