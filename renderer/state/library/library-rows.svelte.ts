import type { LibraryRow } from '../../../contract/library.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import { areEqualSections } from './time-spans.ts';
import type { ListSection } from './time-spans.ts';

/** Rows asked for together: a screenful on a large monitor, some tens of kilobytes. */
const pageRows = 120;

/** Kept around what is in sight; what is further away is asked for again. */
const mostPages = 24;

export interface ReadPage<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
  /** Together they are all rows; absent for a list that is not divided. */
  readonly sections?: readonly ListSection[];
}
export type ReadRows<Row> = (offset: number, limit: number) => Promise<ReadPage<Row>>;

/** A list of any length of which only what is looked at is here: rows by position, a page at a time. */
export class LibraryRowList<Row extends { readonly id: string } = LibraryRow> {
  #total: number | null = $state(null);
  #sections: readonly ListSection[] = $state.raw([]);
  /** Replaced whenever a page arrives, so that whoever reads rows follows. */
  #pages: ReadonlyMap<number, readonly Row[]> = $state.raw(new Map());
  readonly #stale = new Set<number>();
  readonly #loading = new Set<number>();
  /** Null until the first question: the grid looks at a list before the core can be asked. */
  #read: ReadRows<Row> | null = null;
  readonly #questions = new NewestQuestion();
  #window: readonly [first: number, last: number] = [0, pageRows - 1];
  readonly #onFailure: (failure: unknown) => void;

  constructor(onFailure: (failure: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Null until the first answer. */
  get total(): number | null {
    return this.#total;
  }

  /** What the list is divided into, in its order. */
  get sections(): readonly ListSection[] {
    return this.#sections;
  }

  /** Every row that is here. */
  *loaded(): Generator<Row> {
    for (const rows of this.#pages.values()) yield* rows;
  }

  /** The row at a position; null while it is not here. */
  row(index: number): Row | null {
    return this.#pages.get(Math.floor(index / pageRows))?.[index % pageRows] ?? null;
  }

  /** Where an item is among the rows that are here; -1 when it is not. */
  indexOf(itemId: string): number {
    for (const [page, rows] of this.#pages) {
      const at = rows.findIndex(({ id }) => id === itemId);
      if (at >= 0) return page * pageRows + at;
    }
    return -1;
  }

  /** Another question: nothing of before is shown. Resolves when the first page is here. */
  async ask(read: ReadRows<Row>): Promise<void> {
    this.#read = read;
    this.#questions.ask();
    this.#pages = new Map();
    this.#stale.clear();
    this.#loading.clear();
    this.#window = [0, pageRows - 1];
    await this.#load(0);
  }

  /** The same question again, because the library changed: rows stay until their successors are here. */
  async refresh(): Promise<void> {
    this.#questions.ask();
    this.#loading.clear();
    for (const page of this.#pages.keys()) this.#stale.add(page);
    await this.#loadWindow();
  }

  /** What is in sight, by position. */
  show(first: number, last: number): void {
    // Where nothing is, the beginning is what is looked at: the first row may come any moment.
    this.#window = [first, Math.max(first, last)];
    void this.#loadWindow();
  }

  async #loadWindow(): Promise<void> {
    const [first, last] = this.#window;
    const pages: Promise<void>[] = [];
    // A page more on both sides, where the next turn of the wheel goes.
    const [from, to] = [Math.floor(first / pageRows) - 1, Math.floor(last / pageRows) + 1];
    // An empty list is looked at where its first row will come.
    const end = Math.max(1, Math.ceil((this.#total ?? 1) / pageRows));
    for (let page = Math.max(0, from); page <= to && page < end; page += 1) pages.push(this.#load(page));
    await Promise.all(pages);
  }

  async #load(page: number): Promise<void> {
    const read = this.#read;
    const here = this.#pages.has(page) && !this.#stale.has(page);
    if (read === null || here || this.#loading.has(page)) return;
    const isNewest = this.#questions.last();
    this.#loading.add(page);
    try {
      const { rows, total, sections } = await read(page * pageRows, pageRows);
      if (!isNewest()) return;
      const pages = new Map(this.#pages);
      this.#pages = this.#withoutFar(pages.set(page, rows));
      this.#stale.delete(page);
      this.#total = total;
      this.#divide(sections ?? [{ span: null, count: total }]);
    } catch (failure) {
      if (isNewest()) this.#onFailure(failure);
    } finally {
      if (isNewest()) this.#loading.delete(page);
    }
  }

  /** Equal sections stay the same object: each page of rows brings them again, and a grid is laid out anew only when they differ. */
  #divide(sections: readonly ListSection[]): void {
    if (!areEqualSections(this.#sections, sections)) this.#sections = sections;
  }

  #withoutFar(pages: Map<number, readonly Row[]>): ReadonlyMap<number, readonly Row[]> {
    const middle = (this.#window[0] + this.#window[1]) / 2 / pageRows;
    const farthest = [...pages.keys()].sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    for (const page of farthest.slice(0, Math.max(0, pages.size - mostPages))) pages.delete(page);
    return pages;
  }
}
