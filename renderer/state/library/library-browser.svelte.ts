import type { ErrorBody } from '../../../contract/errors.ts';
import type { Board, LibraryItem, LibraryOverview, LibraryRow, Lineage } from '../../../contract/library.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { Transport } from '../../client/transport.ts';
import type { Platform } from '../../desktop/platform.ts';
import { Debounce } from '../core/debounce.ts';
import { LibraryActions } from './library-actions.svelte.ts';
import { ChosenItems } from './library-chosen.ts';
import { LibraryDeletion } from './library-deletion.svelte.ts';
import { LibraryExport } from './library-export.svelte.ts';
import { LikenessFinder } from './library-likeness-finder.ts';
import { LibraryLists } from './library-lists.ts';
import { comparesTexts, firstQuestion } from './library-question.ts';
import type { LibraryLikeness, LibraryQuestion, OpenedStack } from './library-question.ts';
import { LibraryStacks } from './library-stacks.ts';
import { countChosen } from './count-chosen.ts';
import type { ChosenCount } from './count-chosen.ts';
import { nextMidnightMs } from './time-spans.ts';
import type { ListSection } from './time-spans.ts';
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
  /** Whether what was made from one original is one row, as a person last chose. */
  readonly stacks: { readonly shown: () => boolean; readonly remember: (shown: boolean) => void };
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
  readonly stacks: LibraryStacks;
  /** How far the grid is scrolled, in CSS pixels: it is there again after a look at something else. */
  scrolledTo = 0;
  readonly #lists: LibraryLists;
  #question: LibraryQuestion;
  #overview: LibraryOverview | null = $state.raw(null);
  #view: LibraryView = $state.raw(grid);
  #error: ErrorBody | null = $state.raw(null);
  #open = false;
  #midnight: ReturnType<typeof setTimeout> | undefined;
  readonly #asking = new Debounce();
  readonly #refreshing = new Debounce();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#question = $state.raw({ ...firstQuestion, stacked: options.stacks.shown() });
    this.#lists = new LibraryLists({
      client: options.transport.client,
      question: () => this.#question,
      now: options.now,
      onFailure: (failure) => (this.#error = toErrorBody(failure)),
    });
    this.actions = new LibraryActions(options.transport.client, options.notices, options.heldReadings);
    this.finder = new LikenessFinder(options.transport, (likeness, among) => this.#findLike(likeness, among));
    this.chosen = new ChosenItems({
      selection: this.selection,
      actions: this.actions,
      members: (itemIds) => this.#lists.readMembers(itemIds),
      starred: (itemId) => this.row(this.indexOf(itemId))?.starred === true,
      look: (view) => this.look(view),
      open: (itemId) => this.openInStudio(itemId),
      findSimilar: (itemId) => this.finder.likeItem(itemId),
      useAsStart: async (itemId) => options.useAsStart(await this.read(itemId)),
    });
    this.deletion = new LibraryDeletion(this.chosen);
    this.exporting = new LibraryExport({
      chosen: () => this.chosen.members(),
      read: (itemId) => this.read(itemId),
      platform: options.platform,
      notices: options.notices,
    });
    this.stacks = new LibraryStacks({
      selection: this.selection,
      show: (stack) => this.#showStack(stack),
      rowAt: (index) => this.row(index),
      place: this,
    });
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
    return this.#lists.shown.total;
  }

  /** What the list is divided into, in its order. */
  get sections(): readonly ListSection[] {
    return this.#lists.shown.sections;
  }

  /** How far the core has come with looking at pictures or texts; null where nothing is compared or all were looked at. */
  get looking(): { readonly seen: number; readonly total: number } | null {
    return this.#lists.looking;
  }

  /** What the chosen rows stand for; null where some of them are not here. */
  get chosenCount(): ChosenCount | null {
    return countChosen(this.#lists.shown.loaded(), this.selection.ids);
  }

  row(index: number): (LibraryRow & { readonly score?: number }) | null {
    return this.#lists.shown.row(index);
  }

  indexOf(itemId: string): number {
    return this.#lists.shown.indexOf(itemId);
  }

  /** The screen is there: everything is read, now and whenever the library changes. */
  enter(): void {
    this.#open = true;
    this.#waitForMidnight();
    void this.#refresh();
  }

  leave(): void {
    this.#open = false;
    clearTimeout(this.#midnight);
    this.#lists.stop();
  }

  /** Changes part of the question. Typing is waited for, everything else is asked at once. Other words or another part look beyond an opened stack. */
  set(change: Partial<LibraryQuestion>): void {
    const looksBeyond = ['text', 'section', 'likeness', 'stacked'].some((name) => name in change);
    this.#question = { ...this.#question, ...(looksBeyond ? { stack: null } : {}), ...change };
    this.selection.reset();
    this.scrolledTo = 0;
    this.#view = grid;
    const typing = change.text !== undefined && Object.keys(change).length === 1;
    this.#asking.run(() => void this.#ask(), typing ? typingPauseMs : 0);
  }

  /** All that lies on a board, whatever was looked for before. */
  showBoard(boardId: string): void {
    const { order, stacked } = this.#question;
    this.set({ ...firstQuestion, order, stacked, section: { type: 'board', id: boardId } });
  }

  /** One row for what was made from one original, or a row for each item. */
  showStacks(stacked: boolean): void {
    this.#options.stacks.remember(stacked);
    this.set({ stacked });
  }

  /** Only the section, the order and the stacks stay. */
  widen(): void {
    const { section, order, stacked } = this.#question;
    this.set({ ...firstQuestion, section, order, stacked });
  }

  /** What is in sight, by position. */
  show(first: number, last: number): void {
    this.#lists.show(first, last);
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

  readIdsBetween(first: number, last: number): Promise<readonly string[]> {
    return this.#lists.readIdsBetween(first, last);
  }

  /** At once where all rows are here, so that the next key finds them chosen. */
  async selectAll(): Promise<void> {
    const { total } = this;
    if (total !== null && total > 0) this.selection.all(await this.readIdsBetween(0, total - 1));
  }

  #findLike(likeness: LibraryLikeness | null, among?: 'texts'): void {
    this.#lists.forgetLikeness();
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

  /** All items of these rows, of stacks too, are on the board then. */
  async addToBoard(itemIds: readonly string[], board: Pick<Board, 'id' | 'name'>): Promise<void> {
    await this.actions.addToBoard(await this.#lists.readMembers(itemIds), board);
  }

  async #showStack(stack: OpenedStack | null): Promise<void> {
    this.#question = { ...this.#question, stack };
    this.#view = grid;
    await (stack === null ? this.#refresh() : this.#ask());
  }

  async #ask(): Promise<void> {
    this.#error = null;
    await this.#lists.ask();
  }

  async #refresh(): Promise<void> {
    // A question that is about to be asked will bring what is new.
    const rows = this.#asking.waits ? null : this.#lists.refresh();
    await Promise.all([this.#readOverview(), rows]);
    // Nothing is left of the stack: the list it lay in goes on.
    if (this.#question.stack !== null && this.total === 0) await this.stacks.close();
  }

  /** What is called today is yesterday then. */
  #waitForMidnight(): void {
    const nowMs = this.#options.now();
    const pass = (): void => {
      this.#waitForMidnight();
      void this.#refresh();
    };
    clearTimeout(this.#midnight);
    this.#midnight = setTimeout(pass, nextMidnightMs(nowMs) - nowMs);
  }

  async #readOverview(): Promise<void> {
    try {
      this.#overview = await this.#options.transport.client.library.overview();
    } catch (failure) {
      this.#error = toErrorBody(failure);
    }
  }
}
