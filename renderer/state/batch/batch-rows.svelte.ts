import type { BatchRow, BatchRowState, BatchSort } from '../../../contract/batch.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { LibraryRowList } from '../library/library-rows.svelte.ts';
import { LibrarySelection } from '../library/library-selection.svelte.ts';

/** Which rows are shown, and in which order. */
export interface BatchQuestion {
  readonly sort: BatchSort;
  readonly descending: boolean;
  readonly states: readonly BatchRowState[];
  readonly search: string;
}

const firstQuestion: BatchQuestion = { sort: 'position', descending: false, states: [], search: '' };
const typingPauseMs = 200;
/** The most rows one answer brings. */
const mostRows = 1000;

/** The rows of the batch that is open: what is in sight, and what is chosen. */
export class BatchRows {
  readonly selection = new LibrarySelection();
  readonly #client: StudioClient;
  readonly #rows: LibraryRowList<BatchRow>;
  #batchId: string | null = $state(null);
  #question: BatchQuestion = $state.raw(firstQuestion);
  #error: ErrorBody | null = $state.raw(null);
  #timer: ReturnType<typeof setTimeout> | null = null;
  #revision = -1;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(client: StudioClient) {
    this.#client = client;
    this.#rows = new LibraryRowList<BatchRow>((failure) => (this.#error = toErrorBody(failure)));
  }

  get batchId(): string | null {
    return this.#batchId;
  }

  get question(): BatchQuestion {
    return this.#question;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  /** How many rows answer; null until that is known. */
  get total(): number | null {
    return this.#batchId === null ? 0 : this.#rows.total;
  }

  /** True where rows stand as they are done: only there can they be moved. */
  get inOrder(): boolean {
    const { sort, descending, states, search } = this.#question;
    return sort === 'position' && !descending && states.length === 0 && search === '';
  }

  row(index: number): BatchRow | null {
    return this.#rows.row(index);
  }

  indexOf(rowId: string): number {
    return this.#rows.indexOf(rowId);
  }

  show(first: number, last: number): void {
    if (this.#batchId !== null) this.#rows.show(first, last);
  }

  open(batchId: string | null): void {
    if (batchId === this.#batchId) return;
    this.#batchId = batchId;
    this.#question = firstQuestion;
    this.#revision = -1;
    this.selection.reset();
    void this.#ask();
  }

  /** Changes part of the question. Typing is waited for, everything else is asked at once. */
  set(change: Partial<BatchQuestion>): void {
    this.#question = { ...this.#question, ...change };
    this.selection.reset();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), change.search === undefined ? 0 : typingPauseMs);
  }

  /** The batch has changed: what is in sight is read again. */
  follow(batchId: string, revision: number): void {
    if (batchId !== this.#batchId || revision === this.#revision) return;
    this.#revision = revision;
    this.#refreshing = this.#rows.refresh();
  }

  /** Resolves when what is in sight is as it was last told of. */
  settled(): Promise<void> {
    return this.#refreshing;
  }

  /** The rows at these positions, also what was never on screen. */
  async idsBetween(first: number, last: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let offset = first; offset <= last; offset += mostRows) {
      const { rows } = await this.#read(offset, Math.min(mostRows, last - offset + 1));
      ids.push(...rows.map(({ id }) => id));
    }
    return ids;
  }

  /** The row at a position, also where none was on screen; null past the end. */
  async idAt(index: number): Promise<string | null> {
    const total = this.total ?? 0;
    if (index < 0 || index >= total) return null;
    return this.row(index)?.id ?? (await this.idsBetween(index, index))[0] ?? null;
  }

  /** At once where the rows are here, so that held keys do not overtake each other. */
  async choose(index: number, how: 'only' | 'range' | 'toggle'): Promise<void> {
    const { selection } = this;
    const id = this.row(index)?.id ?? (await this.idAt(index));
    if (id === null) return;
    if (how === 'only') selection.only(index, id);
    else if (how === 'toggle') selection.toggle(index, id);
    else {
      const [first, last] = [Math.min(selection.anchor, index), Math.max(selection.anchor, index)];
      selection.range(index, id, this.#idsHere(first, last) ?? (await this.idsBetween(first, last)));
    }
  }

  async chooseAll(): Promise<void> {
    this.selection.all(await this.idsBetween(0, (this.total ?? 0) - 1));
  }

  /** Null where not all of them are here. */
  #idsHere(first: number, last: number): readonly string[] | null {
    const ids: string[] = [];
    for (let index = first; index <= last; index += 1) {
      const row = this.row(index);
      if (row === null) return null;
      ids.push(row.id);
    }
    return ids;
  }

  async #ask(): Promise<void> {
    this.#error = null;
    if (this.#batchId !== null) await this.#rows.ask((offset, limit) => this.#read(offset, limit));
  }

  async #read(offset: number, limit: number) {
    const { states, ...question } = this.#question;
    return this.#client.batches.rows({ batchId: this.#batchId ?? '', offset, limit, ...question, states: [...states] });
  }
}
