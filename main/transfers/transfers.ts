import { isTool } from '../../contract/outside/connection.ts';
import { mayBePaid } from '../../contract/transfer.ts';
import type { Transfer, TransferOrder, TransferPlace, TransferSummary } from '../../contract/transfer.ts';
import { withSeed } from '../batches/with-seed.ts';
import type { GenerationItem } from '../library/library.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import { ChangeAnnouncer } from '../running/change-announcer.ts';
import { createId } from '../storage/create-id.ts';
import { describeTransfer, summariseTransfer } from './describe-transfer.ts';
import type { TransferSurroundings } from './describe-transfer.ts';
import type { StoredCell } from './transfer-records.ts';
import { TransferWork } from './transfer-work.ts';
import type { TransferWorkOptions } from './transfer-work.ts';
import type { TransferStore } from './transfer-store.ts';

/**
 * What a person does with transfers: prompts drawn by several tools, side by side. Every picture of one is a job in the lane of
 * whoever draws it. Throws StudioError as the store and the queue do.
 */
export class Transfers {
  readonly #store: TransferStore;
  readonly #queue: JobQueue;
  readonly #connections: TransferWorkOptions['connections'];
  readonly #clock: () => number;
  readonly #announcer: ChangeAnnouncer;
  readonly #work: TransferWork;

  constructor(parts: Omit<TransferWorkOptions, 'announcer'>) {
    this.#store = parts.store;
    this.#queue = parts.queue;
    this.#connections = parts.connections;
    this.#clock = parts.clock;
    this.#announcer = new ChangeAnnouncer(parts.clock);
    this.#work = new TransferWork({ ...parts, announcer: this.#announcer });
  }

  /** Newest first. */
  list(): TransferSummary[] {
    const around = this.#look();
    return this.#store
      .list()
      .map((transfer) => summariseTransfer(transfer, this.#store.cells(transfer.id), around))
      .reverse();
  }

  get(transferId: string): Transfer {
    return describeTransfer(this.#store.get(transferId), this.#store.cells(transferId), this.#look());
  }

  /** What was ordered, with its prompts whole. */
  orderOf(transferId: string): TransferOrder {
    return this.#store.get(transferId).order;
  }

  /** Begins at once. Chance is decided now: what is drawn again is drawn with the same seed. */
  create(order: TransferOrder): Transfer {
    const createdMs = this.#clock();
    const id = createId(createdMs);
    this.#store.add({ id, createdMs, order: { ...order, settings: withSeed(order.settings, order.seeds) } });
    this.#announcer.announceList();
    this.#work.proceed(id);
    return this.get(id);
  }

  /** Gives up what is not drawn; without cells: all of it. Resolves when nothing of it is drawn any more. */
  async cancel(transferId: string, places?: readonly TransferPlace[]): Promise<Transfer> {
    const cells = this.#choose(transferId, places).filter(({ state }) => state === 'waiting');
    for (const cell of cells) this.#store.change(transferId, cell, { state: 'cancelled' });
    await this.#work.stop(cells);
    this.#announcer.announce(transferId);
    return this.get(transferId);
  }

  /** Draws again what failed or was cancelled, and compares again what could not be; without cells: all of it but what may be paid. */
  retry(transferId: string, places?: readonly TransferPlace[]): Transfer {
    const cells = this.#choose(transferId, places)
      .filter(({ state, error }) => state === 'failed' || state === 'cancelled' || (state === 'done' && error !== null))
      .filter((cell) => places !== undefined || !mayBePaid(cell));
    for (const cell of cells) {
      this.#store.change(transferId, cell, { state: cell.state === 'done' ? 'done' : 'waiting', error: null });
    }
    this.#work.begin(transferId, cells);
    return this.get(transferId);
  }

  /** Pictures that a person brought for places of one, each with its place: they show them from now on, and are compared. */
  fill(transferId: string, filled: readonly { readonly place: TransferPlace; readonly item: GenerationItem }[]): void {
    for (const { place, item } of filled) this.#work.fill(transferId, place, item);
    this.#announcer.announce(transferId);
  }

  /** Forgets it; its pictures stay in the library. */
  async remove(transferId: string): Promise<void> {
    this.#store.get(transferId);
    await this.#work.forget(transferId);
    this.#store.remove(transferId);
    this.#announcer.forget(transferId);
    this.#announcer.announceList();
  }

  /** Every sha256 that an order names: readings among them are needed. */
  listHashes(): ReadonlySet<string> {
    return this.#store.listHashes();
  }

  /** `transferId` null: one was added or removed. Returns the way to stop. */
  subscribe(listener: (transferId: string | null) => void): () => void {
    return this.#announcer.subscribe(listener);
  }

  /** Before the queue closes: nothing more is begun. */
  close(): void {
    this.#work.close();
    this.#announcer.close();
  }

  #choose(transferId: string, places: readonly TransferPlace[] | undefined): StoredCell[] {
    this.#store.get(transferId);
    return places === undefined ? this.#store.cells(transferId) : places.map((place) => this.#store.cell(transferId, place));
  }

  #look(): TransferSurroundings {
    const jobs = new Map(this.#queue.list({ results: 'none' }).map((job) => [job.id, job]));
    return { jobs, connections: this.#connections.list().filter(isTool) };
  }
}
