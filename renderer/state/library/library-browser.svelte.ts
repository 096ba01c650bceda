import type { ErrorBody } from '../../../contract/errors.ts';
import type { LibraryItem, LibraryOverview, LibraryRow, Lineage } from '../../../contract/library.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { Transport } from '../../client/transport.ts';
import type { Platform } from '../../desktop/platform.ts';
import { Debounce } from '../core/debounce.ts';
import { LibraryActions } from './library-actions.svelte.ts';
import { ChosenItems } from './library-chosen.ts';
import { LibraryDeletion } from './library-deletion.svelte.ts';
import { LibraryExport } from './library-export.svelte.ts';
import { LikenessFinder } from './library-likeness-finder.ts';
import { LikenessList } from './library-likeness.svelte.ts';
import { comparesTexts, firstQuestion, toFilter, toRowsQuery } from './library-question.ts';
import type { LibraryLikeness, LibraryQuestion } from './library-question.ts';
import { LibraryRowList } from './library-rows.svelte.ts';
import type { LibraryView } from './library-view.ts';
import { LibrarySelection } from './library-selection.svelte.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly transport: Transport;
  readonly platform: Platform;
  readonly notices: Notices;
  /** Opens an item in the Studio. */
  readonly open: (itemId: string) => Promise<void>;
  /** The picture the next drawing starts from. */
  readonly useAsStart: (item: LibraryItem) => void;
  /** The readings that the work on screen names. */
  readonly heldReadings: () => string[];
  readonly now: () => number;
}

const grid: LibraryView = { type: 'grid' };
const typingPauseMs = 160;
const refreshPauseMs = 50;

/** The library as a person browses it: a question, the rows that answer it, what is chosen, and what is done with it. */
export class LibraryBrowser {
  readonly selection = new LibrarySelection();
  readonly actions: LibraryActions;
  readonly chosen: ChosenItems;
  readonly deletion: LibraryDeletion;
  readonly finder: LikenessFinder;
  readonly exporting: LibraryExport;
  /** How far the grid is scrolled, in CSS pixels: it is there again after a look at something else. */
  scrolledTo = 0;
  readonly #rows: LibraryRowList;
  readonly #likeness = new LikenessList();
  #question: LibraryQuestion = $state.raw(firstQuestion);
  #overview: LibraryOverview | null = $state.raw(null);
  #view: LibraryView = $state.raw(grid);
  #error: ErrorBody | null = $state.raw(null);
  #open = false;
  readonly #asking = new Debounce();
  readonly #refreshing = new Debounce();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.actions = new LibraryActions(options.transport.client, options.notices, options.heldReadings);
    this.finder = new LikenessFinder(options.transport, (likeness, among) => this.#findLike(likeness, among));
    this.chosen = new ChosenItems({
      selection: this.selection,
      actions: this.actions,
      starred: (itemId) => this.row(this.indexOf(itemId))?.starred === true,
      look: (view) => this.look(view),
      open: (itemId) => this.openInStudio(itemId),
      findSimilar: (itemId) => this.finder.likeItem(itemId),
      useAsStart: async (itemId) => options.useAsStart(await this.read(itemId)),
    });
    this.deletion = new LibraryDeletion(this.chosen);
    this.exporting = new LibraryExport({
      chosen: () => this.chosen.ids,
      read: (itemId) => this.read(itemId),
      platform: options.platform,
      notices: options.notices,
    });
    this.#rows = new LibraryRowList((failure) => (this.#error = toErrorBody(failure)));
  }

  get question(): LibraryQuestion {
    return this.#question;
  }

  get overview(): LibraryOverview | null {
    return this.#overview;
  }

  get view(): LibraryView {
    return this.#view;
  }

  /** Why the list could not be read. */
  get error(): ErrorBody | null {
    return this.#error;
  }

  /** How many rows answer; null until that is known. */
  get total(): number | null {
    return this.#list.total;
  }

  /** How far the core has come with looking at pictures or texts; null where nothing is compared or all were looked at. */
  get looking(): { readonly seen: number; readonly total: number } | null {
    const { answer } = this.#likeness;
    return this.#question.likeness !== null && answer !== null && answer.seen < answer.total ? answer : null;
  }

  row(index: number): (LibraryRow & { readonly score?: number }) | null {
    return this.#list.row(index);
  }

  indexOf(itemId: string): number {
    return this.#list.indexOf(itemId);
  }

  get #list(): LibraryRowList | LikenessList {
    return this.#question.likeness === null ? this.#rows : this.#likeness;
  }

  /** The screen is there: everything is read, now and whenever the library changes. */
  enter(): void {
    this.#open = true;
    void this.#readOverview();
    if (this.#rows.total === null && this.#question.likeness === null) void this.#ask();
    else void this.#refresh();
  }

  leave(): void {
    this.#open = false;
    this.#likeness.stop();
  }

  /** Changes part of the question. Typing is waited for, everything else is asked at once. */
  set(change: Partial<LibraryQuestion>): void {
    this.#question = { ...this.#question, ...change };
    this.selection.reset();
    this.scrolledTo = 0;
    this.#view = grid;
    const typing = change.text !== undefined && Object.keys(change).length === 1;
    this.#asking.run(() => void this.#ask(), typing ? typingPauseMs : 0);
  }

  /** Only the section and the order stay. */
  widen(): void {
    const { section, order } = this.#question;
    this.set({ ...firstQuestion, section, order });
  }

  /** What is in sight, by position. */
  show(first: number, last: number): void {
    if (this.#question.likeness === null) this.#rows.show(first, last);
  }

  look(view: LibraryView): void {
    this.#view = view;
  }

  back(): void {
    this.#view = grid;
  }

  /** Chooses everything between the anchor and a position, also what was never on screen. */
  async selectTo(index: number): Promise<void> {
    const { selection } = this;
    const [first, last] = [Math.min(selection.anchor, index), Math.max(selection.anchor, index)];
    const ids = await this.readIdsBetween(first, last);
    const id = index === first ? ids[0] : ids.at(-1);
    if (id !== undefined) selection.range(index, id, ids);
  }

  /** The items from one position to another, also those that were never on screen. */
  async readIdsBetween(first: number, last: number): Promise<readonly string[]> {
    const here = Array.from({ length: last - first + 1 }, (_, at) => this.row(first + at)?.id);
    const known = here.filter((id) => id !== undefined);
    // What is like something is here whole; the list by words comes in pages.
    if (known.length === here.length || this.#question.likeness !== null) return known;
    return this.#readIds(first, last - first + 1);
  }

  /** At once where all rows are here, so that the next key finds them chosen. */
  async selectAll(): Promise<void> {
    const { total } = this;
    if (total !== null && total > 0) this.selection.all(await this.readIdsBetween(0, total - 1));
  }

  #findLike(likeness: LibraryLikeness | null, among?: 'texts'): void {
    // What was like the thing before is not what is like the next.
    this.#likeness.clear();
    const section = this.#question.section.type === 'trash' ? firstQuestion.section : this.#question.section;
    this.set({ section, likeness, text: '', ...(among === 'texts' ? { kinds: ['prompt'] } : {}) });
  }

  /** No words and no likeness. Other filters stay, but not the one for texts that a likeness was looked for among. */
  endSearch(): void {
    this.set({ text: '', likeness: null, ...(comparesTexts(this.#question) ? { kinds: [] } : {}) });
  }

  /** Keeps pictures that were dropped here. */
  async addFiles(files: readonly File[]): Promise<void> {
    const { transport, notices } = this.#options;
    let added = 0;
    for (const file of files) {
      try {
        await transport.uploadImage(file, file.name.replace(/\.[^.]+$/, ''));
        added += 1;
      } catch (failure) {
        notices.failWith(failure);
      }
    }
    if (added > 0) notices.tell(say('library.arrived', { count: added }));
  }

  /** Null when it has been deleted for good. */
  async find(itemId: string): Promise<LibraryItem | null> {
    try {
      return await this.read(itemId);
    } catch (failure) {
      if (toErrorBody(failure).code === 'not-found') return null;
      throw failure;
    }
  }

  read(itemId: string): Promise<LibraryItem> {
    return this.#options.transport.client.library.get({ itemId });
  }

  readLineage(itemId: string): Promise<Lineage> {
    return this.#options.transport.client.library.lineage({ itemId });
  }

  openInStudio(itemId: string): Promise<void> {
    return this.#options.open(itemId);
  }

  /** Items or boards changed in the core. Many changes are answered by one question. */
  changed(): void {
    if (this.#open) this.#refreshing.run(() => void this.#refresh(), refreshPauseMs);
  }

  async #ask(): Promise<void> {
    this.#error = null;
    const question = this.#question;
    const { client } = this.#options.transport;
    if (question.likeness === null) {
      this.#likeness.clear();
      const query = toRowsQuery(question, this.#options.now());
      await this.#rows.ask((offset, limit) => client.library.rows({ ...query, offset, limit }));
      return;
    }
    const filter = toFilter(question, this.#options.now());
    const kinds = comparesTexts(question) ? filter.kinds : filter.kinds.filter((kind) => kind !== 'prompt');
    await this.#likeness
      .ask((query) => client.library.similar(query), { ...filter, kinds, like: question.likeness.to, limit: 200 })
      .catch((failure: unknown) => (this.#error = toErrorBody(failure)));
  }

  async #refresh(): Promise<void> {
    // A question that is about to be asked will bring what is new.
    const rows = this.#asking.waits ? null : this.#question.likeness === null ? this.#rows.refresh() : this.#ask();
    await Promise.all([this.#readOverview(), rows]);
  }

  async #readOverview(): Promise<void> {
    try {
      this.#overview = await this.#options.transport.client.library.overview();
    } catch (failure) {
      this.#error = toErrorBody(failure);
    }
  }

  #readIds(offset: number, limit: number): Promise<string[]> {
    const query = toRowsQuery(this.#question, this.#options.now());
    return this.#options.transport.client.library.ids({ ...query, offset, limit });
  }
}
