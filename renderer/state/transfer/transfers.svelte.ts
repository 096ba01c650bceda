import type { StudioEvent } from '../../../contract/events.ts';
import type { Transfer, TransferFormat, TransferOrder, TransferPlace, TransferSummary } from '../../../contract/transfer.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import type { Page } from '../page.svelte.ts';
import { say } from '../../language/say.ts';

/** What of the page it stands on. */
type Around = Pick<Page, 'sources' | 'notices' | 'attempt'>;

/** The grids as a person works with them: their list, the one that is open, and what is done with it. */
export class Transfers {
  #list: readonly TransferSummary[] | null = $state.raw(null);
  #open: Transfer | null = $state.raw(null);
  /** A new one is being planned. */
  #planning = $state(false);
  /** The grid that is open, or that somebody came for or chose and that is on its way. */
  #chosenId: string | null = null;
  readonly #questions = new NewestQuestion();
  readonly #page: Around;

  constructor(page: Around) {
    this.#page = page;
  }

  /** Newest first; null until the core has told. */
  get list(): readonly TransferSummary[] | null {
    return this.#list;
  }

  get open(): Transfer | null {
    return this.#planning ? null : this.#open;
  }

  /**
   * After every (re)connection.
   *
   * @param wantedId the grid that somebody came for; null: the one that is open, and else the newest
   */
  async load(wantedId: string | null = null): Promise<void> {
    if (wantedId !== null) this.#chosenId = wantedId;
    this.#list = await this.#client.list();
    const find = (wanted: string | null | undefined) => this.#list?.find(({ id }) => id === wanted);
    if (wantedId !== null && find(wantedId) !== undefined) this.#planning = false;
    // What was chosen while the list was on its way goes first.
    const shown = find(this.#chosenId) ?? find(this.#open?.id) ?? this.#list[0];
    if (shown === undefined) this.#open = null;
    else await this.#look(shown.id);
  }

  plan(): void {
    this.#planning = true;
  }

  async show(transferId: string): Promise<void> {
    this.#planning = false;
    this.#chosenId = transferId;
    await this.#look(transferId);
  }

  receive(event: StudioEvent): void {
    if (event.type !== 'transfer-changed' || this.#list === null) return;
    if (event.transferId === null) this.#page.attempt(this.load());
    else if (event.transferId === this.#chosenId) this.#page.attempt(this.#look(event.transferId));
  }

  async begin(order: TransferOrder): Promise<void> {
    this.#take(await this.#client.create(order));
  }

  /** Without a place: all that is not drawn. */
  async cancel({ id }: Transfer, place?: TransferPlace): Promise<void> {
    this.#take(await this.#client.cancel({ transferId: id, ...(place === undefined ? {} : { cells: [toPlace(place)] }) }));
  }

  /** Without a place: all that failed or was given up. */
  async retry({ id }: Transfer, place?: TransferPlace): Promise<void> {
    this.#take(await this.#client.retry({ transferId: id, ...(place === undefined ? {} : { cells: [toPlace(place)] }) }));
  }

  /**
   * Pictures that a person had drawn elsewhere go to the places that wait for them; the first to `place`, where one is named. What went
   * before one that has no place stays.
   */
  async bring({ id }: Transfer, files: readonly File[], place?: TransferPlace): Promise<void> {
    let brought = 0;
    for (const [at, file] of files.entries()) {
      try {
        const { id: itemId } = await this.#page.sources.transport.uploadImage(file, file.name.replace(/\.[^.]+$/, ''));
        const cell = place === undefined || at > 0 ? {} : { cell: toPlace(place) };
        const { transfer, cells } = await this.#client.takeDrawn({ transferId: id, itemId, name: file.name, ...cell });
        this.#take(transfer);
        brought += cells.length;
      } catch (failure) {
        this.#page.notices.failWith(failure);
      }
    }
    if (brought > 0) this.#page.notices.tell(say('transfer.brought', { count: brought }));
  }

  /** Forgets it; its pictures stay in the library. */
  async remove({ id }: Transfer): Promise<void> {
    this.#open = null;
    this.#chosenId = null;
    this.#list = await this.#client.remove({ transferId: id });
    await this.load();
  }

  async save({ id, name: title }: Transfer, format: TransferFormat): Promise<void> {
    const text = await this.#client.export({ transferId: id, format });
    const name = await this.#page.sources.platform.saveText({ text, title, extension: format });
    if (name !== null) this.#page.notices.tell(say('export.savedAs', { name }));
  }

  /** The whole as one picture, which the library keeps as well. */
  async savePicture({ id }: Transfer): Promise<void> {
    const item = await this.#client.sheet({ transferId: id });
    if (item.kind === 'prompt') return;
    const { sha256, mediaType } = item.image;
    const name = await this.#page.sources.platform.savePicture({ sha256, mediaType, title: item.title });
    if (name !== null) this.#page.notices.tell(say('export.savedAs', { name }));
  }

  get #client() {
    return this.#page.sources.transport.client.transfers;
  }

  async #look(transferId: string): Promise<void> {
    const isNewest = this.#questions.ask();
    const transfer = await this.#client.get({ transferId });
    if (isNewest()) this.#hold(transfer);
  }

  #take(transfer: Transfer): void {
    this.#planning = false;
    // What was asked before does not know of it.
    this.#questions.ask();
    this.#hold(transfer);
  }

  #hold(transfer: Transfer): void {
    const { id, name, createdMs, counts } = transfer;
    this.#open = transfer;
    this.#chosenId = id;
    this.#list = (this.#list ?? []).map((one) => (one.id === id ? { id, name, createdMs, counts } : one));
  }
}

/** A cell is its place and more. */
const toPlace = ({ row, column, seedIndex }: TransferPlace): TransferPlace => ({ row, column, seedIndex });
