import type { LibraryRow } from '../../../contract/library.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { LikenessList } from './library-likeness.svelte.ts';
import { comparesTexts, showsStacks, spansOf, toFilter, toRowsQuery } from './library-question.ts';
import type { LibraryQuestion } from './library-question.ts';
import { LibraryRowList } from './library-rows.svelte.ts';
import type { ReadPage } from './library-rows.svelte.ts';
import { toSections } from './time-spans.ts';

interface Options {
  readonly client: StudioClient;
  readonly question: () => LibraryQuestion;
  readonly now: () => number;
  readonly onFailure: (failure: unknown) => void;
}

/** The rows that answer the question: the list, the stack that was opened from it, or what is like something. Each stays as it was while another is shown. */
export class LibraryLists {
  readonly #rows: LibraryRowList;
  readonly #inStack: LibraryRowList;
  readonly #likeness = new LikenessList();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#rows = new LibraryRowList(options.onFailure);
    this.#inStack = new LibraryRowList(options.onFailure);
  }

  /** What is shown now. */
  get shown(): LibraryRowList | LikenessList {
    const { likeness, stack } = this.#options.question();
    if (likeness !== null) return this.#likeness;
    return stack === null ? this.#rows : this.#inStack;
  }

  /** How far the core has come with looking at pictures or texts; null where nothing is compared or all were looked at. */
  get looking(): { readonly seen: number; readonly total: number } | null {
    const { answer } = this.#likeness;
    return this.shown === this.#likeness && answer !== null && answer.seen < answer.total ? answer : null;
  }

  /** What is in sight, by position. */
  show(first: number, last: number): void {
    if (this.shown instanceof LibraryRowList) this.shown.show(first, last);
  }

  /** Another question: nothing of before is shown. */
  async ask(): Promise<void> {
    const { shown } = this;
    if (shown instanceof LikenessList) return this.#askLikeness();
    this.#likeness.clear();
    await shown.ask((offset, limit) => this.#read(shown === this.#inStack, offset, limit));
  }

  /** The same question again, because the library changed. */
  async refresh(): Promise<void> {
    const { shown } = this;
    if (shown instanceof LikenessList) await this.#askLikeness();
    else if (shown.total === null) await this.ask();
    else await shown.refresh();
  }

  /** The items from one position to another, also those that were never on screen. */
  async readIdsBetween(first: number, last: number): Promise<readonly string[]> {
    const { shown } = this;
    const here = Array.from({ length: last - first + 1 }, (_, at) => shown.row(first + at)?.id);
    const known = here.filter((id) => id !== undefined);
    // What is like something is here whole; the list by words comes in pages.
    if (known.length === here.length || shown instanceof LikenessList) return known;
    const query = toRowsQuery(this.#options.question(), this.#options.now());
    return this.#options.client.library.ids({ ...query, offset: first, limit: last - first + 1 });
  }

  /** The items themselves: of rows that stand for stacks, everything in those that fits the question. */
  async readMembers(itemIds: readonly string[]): Promise<readonly string[]> {
    const question = this.#options.question();
    if (!showsStacks(question) || itemIds.length === 0) return itemIds;
    return this.#options.client.library.members({ ...toFilter(question, this.#options.now()), itemIds: [...itemIds] });
  }

  /** What was like the thing before is not what is like the next. */
  forgetLikeness(): void {
    this.#likeness.clear();
  }

  stop(): void {
    this.#likeness.stop();
  }

  async #read(inStack: boolean, offset: number, limit: number): Promise<ReadPage<LibraryRow>> {
    const current = this.#options.question();
    // The list under an opened stack is the list without it.
    const question = inStack ? current : { ...current, stack: null };
    const nowMs = this.#options.now();
    const query = { ...toRowsQuery(question, nowMs), offset, limit };
    const { rows, total, spans } = await this.#options.client.library.rows(query);
    return { rows, total, sections: toSections(spansOf(question, nowMs), spans, total, question.order === 'oldest') };
  }

  async #askLikeness(): Promise<void> {
    const question = this.#options.question();
    if (question.likeness === null) return;
    const filter = toFilter(question, this.#options.now());
    const kinds = comparesTexts(question) ? filter.kinds : filter.kinds.filter((kind) => kind !== 'prompt');
    const query = { ...filter, kinds, like: question.likeness.to, limit: 200 };
    await this.#likeness.ask((asked) => this.#options.client.library.similar(asked), query).catch(this.#options.onFailure);
  }
}
