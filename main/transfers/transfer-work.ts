import type { LibraryItem } from '../../contract/library.ts';
import type { GenerateRequest, Job } from '../../contract/job.ts';
import type { TransferPlace } from '../../contract/transfer.ts';
import { StudioError } from '../../contract/errors.ts';
import { addressesOf, isTool } from '../../contract/outside/connection.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { describeFailure } from '../jobs/job-run.ts';
import { hasEnded } from '../jobs/job-queue.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import type { GenerationItem } from '../library/library.ts';
import type { Similarity } from '../likeness/similarity.ts';
import type { ChangeAnnouncer } from '../running/change-announcer.ts';
import { createId } from '../storage/create-id.ts';
import type { ConnectionStore } from '../writers/connection-store.ts';
import { CellComparisons } from './cell-comparisons.ts';
import { chooseNext, handsOf } from './choose-next.ts';
import type { Hand } from './choose-next.ts';
import { isMendedElsewhere } from '../writers/mended-elsewhere.ts';
import { nameOfPlace } from './transfer-records.ts';
import type { StoredCell } from './transfer-records.ts';
import type { TransferStore } from './transfer-store.ts';

export interface TransferWorkOptions {
  readonly store: TransferStore;
  readonly queue: JobQueue;
  readonly similarity: Pick<Similarity, 'compare'>;
  readonly connections: Pick<ConnectionStore, 'list'>;
  readonly announcer: ChangeAnnouncer;
  readonly clock: () => number;
  readonly log: (message: string) => void;
}

interface Held {
  readonly transferId: string;
  readonly place: TransferPlace;
  readonly hand: Hand;
  /** When it began to be drawn, after all waiting and loading; null before. */
  begunMs: number | null;
}

/** What comes before a picture is drawn. */
const idlePhases: ReadonlySet<Job['progress']['phase']> = new Set(['waiting', 'loading']);

/** A server that could not be reached is given nothing for so long while others are there. */
const REST_MS = 60_000;

/**
 * Gives the cells that wait to whoever draws their column, keeps what came of them, and has it compared. What is drawn just now is
 * known by the queue; the rest by the store.
 */
export class TransferWork {
  readonly #parts: TransferWorkOptions;
  /** By the ids of jobs. */
  readonly #held = new Map<string, Held>();
  /** Names of hands that could not be reached, by cell. */
  readonly #tried = new Map<string, Set<string>>();
  /** Until when, by the names of hands. */
  readonly #resting = new Map<string, number>();
  readonly #comparisons: CellComparisons;
  #closed = false;

  /** Takes up what an earlier process left. */
  constructor(parts: TransferWorkOptions) {
    this.#parts = parts;
    this.#comparisons = new CellComparisons({ ...parts, explain: (cause) => this.#explain(cause) });
    parts.queue.subscribe((job) => this.#follow(job));
    const jobs = new Map(parts.queue.list({ results: 'none' }).map((job) => [job.id, job]));
    for (const { id } of parts.store.list()) this.#takeUp(id, jobs);
  }

  /** Whether a cell is with somebody. */
  isHeld(cell: StoredCell): boolean {
    return cell.jobId !== null && this.#held.has(cell.jobId);
  }

  /** Gives out what can be given out now. */
  proceed(transferId: string): void {
    const { store, clock } = this.#parts;
    const { order } = store.get(transferId);
    const waiting = store.cells(transferId).filter((cell) => cell.state === 'waiting' && !this.isHeld(cell));
    for (const [column, tool] of order.tools.entries()) {
      const hands = handsOf(tool).map((hand) => ({
        hand,
        inHand: [...this.#held.values()].filter((held) => held.hand.name === hand.name).length,
        servers: this.#serversOf(hand),
        isResting: (this.#resting.get(hand.name) ?? 0) > clock(),
      }));
      const cells = waiting
        .filter((cell) => cell.column === column)
        .map((cell) => ({ cell, tried: this.#triedFor(transferId, cell) }));
      for (const { cell, hand } of chooseNext(cells, hands)) this.#give(transferId, cell, hand);
    }
    this.#parts.announcer.announce(transferId);
  }

  /** A person wants these drawn again: whoever could not be reached is tried anew. */
  begin(transferId: string, cells: readonly StoredCell[]): void {
    for (const cell of cells) {
      this.#tried.delete(`${transferId} ${nameOfPlace(cell)}`);
      if (cell.state === 'done') this.#comparisons.compare(transferId, cell);
    }
    this.#resting.clear();
    this.proceed(transferId);
  }

  /** A picture that came by hand: nobody measured how long it took. */
  fill(transferId: string, place: TransferPlace, { id, image, recipe }: GenerationItem): void {
    const drawn = { itemId: id, sha256: image.sha256, seed: recipe.seed, timeMs: null, score: null, error: null };
    this.#parts.store.change(transferId, place, { state: 'done', ...drawn });
    this.#comparisons.compare(transferId, place);
  }

  /** Resolves when nobody works on these any more. */
  async stop(cells: readonly StoredCell[]): Promise<void> {
    await Promise.all(
      cells.flatMap(({ jobId }) => (jobId !== null && this.#held.has(jobId) ? [this.#parts.queue.cancel(jobId)] : [])),
    );
  }

  /** What comes of it is kept no more. */
  async forget(transferId: string): Promise<void> {
    const jobIds = [...this.#held].flatMap(([jobId, held]) => (held.transferId === transferId ? [jobId] : []));
    for (const jobId of jobIds) this.#held.delete(jobId);
    await Promise.all(jobIds.map((jobId) => this.#parts.queue.cancel(jobId)));
  }

  /** Nothing is given out or compared any more; what the queue ends with is still kept. */
  close(): void {
    this.#closed = true;
    this.#comparisons.close();
  }

  #serversOf({ connectionId }: Hand): number {
    const connection = this.#parts.connections.list().find(({ id }) => id === connectionId);
    return connection === undefined ? 1 : addressesOf(connection).length;
  }

  #triedFor(transferId: string, place: TransferPlace): Set<string> {
    const name = `${transferId} ${nameOfPlace(place)}`;
    const known = this.#tried.get(name) ?? new Set<string>();
    this.#tried.set(name, known);
    return known;
  }

  #takeUp(transferId: string, jobs: ReadonlyMap<string, Job>): void {
    const { store } = this.#parts;
    const { order } = store.get(transferId);
    for (const cell of store.cells(transferId)) {
      const job = cell.jobId === null ? undefined : jobs.get(cell.jobId);
      const tool = order.tools[cell.column];
      const hand = tool === undefined ? undefined : handsOf(tool).find((one) => one.connectionId === cell.connectionId);
      if (cell.state === 'waiting' && job !== undefined && hand !== undefined) {
        this.#held.set(job.id, { transferId, place: cell, hand, begunMs: null });
        if (hasEnded(job)) this.#settle(job);
      }
      if (cell.state === 'done' && cell.score === null && cell.error === null) this.#comparisons.compare(transferId, cell);
    }
    this.proceed(transferId);
  }

  /** The id of the job is kept before the queue has it: whenever the process dies, nothing is asked for twice. */
  #give(transferId: string, cell: StoredCell, hand: Hand): void {
    const { store, queue, clock } = this.#parts;
    if (this.#closed) return;
    const earlier = this.#findEarlier(cell, hand);
    const jobId = earlier ?? createId(clock());
    store.change(transferId, cell, { jobId, connectionId: hand.connectionId, error: null });
    this.#held.set(jobId, { transferId, place: cell, hand, begunMs: null });
    try {
      if (earlier === null) queue.submit(this.#requestFor(transferId, cell, hand), jobId);
      else queue.retry(jobId);
    } catch (cause) {
      this.#held.delete(jobId);
      this.#fail(transferId, cell, this.#explain(cause));
    }
  }

  /** A job of the same cell and the same hand that came to nothing begins again: what its tool has begun is taken up, not paid twice. */
  #findEarlier({ jobId }: StoredCell, hand: Hand): string | null {
    const job = this.#parts.queue.list({ results: 'none' }).find(({ id }) => id === jobId);
    if (job?.request.kind !== 'generate' || (job.state !== 'failed' && job.state !== 'cancelled')) return null;
    return (job.request.connectionId ?? null) === hand.connectionId ? job.id : null;
  }

  #requestFor(transferId: string, { row, seedIndex }: TransferPlace, hand: Hand): GenerateRequest {
    const { rows, settings } = this.#parts.store.get(transferId).order;
    const wanted = rows[row];
    if (wanted === undefined) throw new Error(`the transfer ${transferId} has no row ${row}`);
    return {
      kind: 'generate',
      ...(hand.connectionId === null ? { packId: hand.packId } : { connectionId: hand.connectionId }),
      prompt: wanted.prompt,
      settings: { ...settings, seed: (settings.seed ?? 0) + seedIndex, count: 1 },
      parents: wanted.itemId === null ? [] : [wanted.itemId],
    };
  }

  #follow(job: Job): void {
    const held = this.#held.get(job.id);
    if (held === undefined) return;
    this.#parts.announcer.announce(held.transferId);
    if (job.state === 'running' && !idlePhases.has(job.progress.phase)) held.begunMs ??= this.#parts.clock();
    if (!hasEnded(job)) return;
    try {
      this.#settle(job);
      if (!this.#closed) this.proceed(held.transferId);
    } catch (cause) {
      // The queue goes on; where the disk took nothing, the next start looks at the job again.
      this.#parts.log(`What came of job ${job.id} could not be kept in its grid: ${String(cause)}`);
    }
  }

  #settle(job: Job): void {
    const { store, queue } = this.#parts;
    const held = this.#held.get(job.id);
    if (held === undefined) return;
    this.#held.delete(job.id);
    const { transferId, place } = held;
    if (job.state === 'cancelled') store.change(transferId, place, { state: 'cancelled', error: job.error });
    else if (job.state === 'failed') this.#afterFailure(held, job.error ?? lostDrawing());
    else {
      const { result } = queue.get(job.id);
      const [item] = result?.kind === 'generate' ? result.items : [];
      if (item === undefined) this.#fail(transferId, place, lostDrawing());
      else this.#keep(held, job, item);
    }
  }

  #keep({ transferId, place, begunMs }: Held, { startedMs, endedMs }: Job, item: LibraryItem): void {
    if (item.kind !== 'generation') throw new Error(`a drawing became a ${item.kind}`);
    const fromMs = begunMs ?? startedMs;
    const timeMs = fromMs === null || endedMs === null ? null : Math.max(0, endedMs - fromMs);
    const drawn = { itemId: item.id, sha256: item.image.sha256, seed: item.recipe.seed, timeMs, score: null, error: null };
    this.#parts.store.change(transferId, place, { state: 'done', ...drawn });
    this.#comparisons.compare(transferId, place);
  }

  /** Another server of the column takes over where that costs nothing twice; it is told where nobody is left. */
  #afterFailure({ transferId, place, hand }: Held, error: ErrorBody): void {
    const { store, connections, clock } = this.#parts;
    const tool = store.get(transferId).order.tools[place.column];
    const connection = connections.list().find(({ id }) => id === hand.connectionId);
    const server = connection !== undefined && isTool(connection) ? connection : null;
    if (server !== null && error.code === 'address-unreachable') this.#resting.set(hand.name, clock() + REST_MS);
    if (tool !== undefined && server !== null && isMendedElsewhere(error, server)) {
      const tried = this.#triedFor(transferId, place).add(hand.name);
      // It still waits.
      if (handsOf(tool).some(({ name }) => !tried.has(name))) return;
    }
    this.#fail(transferId, place, error);
  }

  #fail(transferId: string, place: TransferPlace, error: ErrorBody): void {
    this.#parts.store.change(transferId, place, { state: 'failed', error });
  }

  #explain(cause: unknown): ErrorBody {
    return describeFailure(cause, this.#parts.clock(), this.#parts.log);
  }
}

function lostDrawing(): ErrorBody {
  return new StudioError('not-found', 'What was drawn is not there any more.', 'Draw it again.').toBody();
}
