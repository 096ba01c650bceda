import type { Batch, BatchFile, BatchRow, BatchRowPage, BatchRowQuery, BatchSettings } from '../../contract/batch.ts';
import { StudioError } from '../../contract/errors.ts';
import type { Job } from '../../contract/job.ts';
import type { BatchList } from './batch-list.ts';
import type { NewRow, StoredBatch } from './batch-records.ts';
import { hasEnded } from '../jobs/job-queue.ts';
import type { JobQueue } from '../jobs/job-queue.ts';
import { createId } from '../storage/create-id.ts';
import type { Library } from '../library/library.ts';
import { describeBatch } from './describe-batch.ts';
import { findRows } from './find-batch-rows.ts';
import { toBatchRow } from './to-batch-row.ts';
import { withSeed } from './with-seed.ts';

export interface BatchActionsOptions {
  readonly list: BatchList;
  readonly queue: JobQueue;
  readonly library: Library;
  readonly clock: () => number;
}

/** What a person does with batches. Each that has something to do has one job in the queue. Throws StudioError as the list and the queue do. */
export class BatchActions {
  readonly #list: BatchList;
  readonly #queue: JobQueue;
  readonly #library: Library;
  readonly #clock: () => number;

  constructor({ list, queue, library, clock }: BatchActionsOptions) {
    this.#list = list;
    this.#queue = queue;
    this.#library = library;
    this.#clock = clock;
    for (const batch of list.list()) this.#takeUp(batch);
    queue.subscribe((job) => this.#follow(job));
  }

  list(): Batch[] {
    return this.#list.list().map((batch) => this.#describe(batch));
  }

  get(batchId: string): Batch {
    return this.#describe(this.#list.get(batchId));
  }

  /** Null when it is gone. */
  find(batchId: string): Batch | null {
    const batch = this.#list.find(batchId);
    return batch === null ? null : this.#describe(batch);
  }

  create(name: string, settings: BatchSettings): Batch {
    const createdMs = this.#clock();
    const id = createId(createdMs);
    const seeded = { ...settings, draw: settings.draw === null ? null : withSeed(settings.draw) };
    this.#list.append({ id, name, createdMs, settings: seeded, state: 'active', jobId: null, error: null });
    return this.get(id);
  }

  rename(batchId: string, name: string): Batch {
    return this.#describe(this.#list.change(batchId, { name }));
  }

  /** Adds files at the end. What was cancelled as a whole goes on with them. */
  add(batchId: string, files: readonly BatchFile[]): Batch {
    const batch = this.#list.get(batchId);
    this.#list.addRows(
      batchId,
      files.map((file) => this.#toRow(file)),
    );
    if (batch.state === 'cancelled') this.#list.change(batchId, { state: 'active' });
    return this.#proceed(batchId);
  }

  rows(query: BatchRowQuery): BatchRowPage {
    const batch = this.#list.get(query.batchId);
    const { working } = this.#list.live(batch.id);
    const { rows, total } = findRows(this.#list, batch, query);
    return { rows: rows.map((row): BatchRow => toBatchRow(row, batch, working)), total };
  }

  /** Stops between two runs of the engine; what is done is kept, what was in hand waits again. */
  async pause(batchId: string): Promise<Batch> {
    if (this.#list.get(batchId).state === 'active') this.#list.change(batchId, { state: 'paused' });
    await this.#stop(batchId);
    return this.get(batchId);
  }

  /** Goes on after a pause, a failure or a cancel. */
  resume(batchId: string): Batch {
    const { state } = this.#list.get(batchId);
    if (state === 'cancelled') this.#list.changeRows(batchId, (rows) => rows.resume(batchId));
    this.#list.change(batchId, { state: 'active', error: null });
    return this.#proceed(batchId);
  }

  /** Gives up the rows that wait; absent: all of them. */
  async cancel(batchId: string, rowIds?: readonly string[]): Promise<Batch> {
    this.#list.changeRows(batchId, (rows) => rows.cancel(batchId, rowIds));
    if (rowIds === undefined) {
      this.#list.change(batchId, { state: 'cancelled', error: null });
      await this.#stop(batchId);
    }
    return this.get(batchId);
  }

  /** Failed and cancelled rows wait again; absent: all of them. A paused batch stays paused. */
  retry(batchId: string, rowIds?: readonly string[]): Batch {
    const { state } = this.#list.get(batchId);
    this.#list.changeRows(batchId, (rows) => rows.retry(batchId, rowIds));
    if (state !== 'paused') this.#list.change(batchId, { state: 'active', error: null });
    return this.#proceed(batchId);
  }

  /** Puts a batch before another; null: at the end. The first that has something to do is done. */
  move(batchId: string, beforeId: string | null): Batch[] {
    this.#list.move(batchId, beforeId);
    return this.list();
  }

  moveRows(batchId: string, rowIds: readonly string[], beforeId: string | null): Batch {
    this.#list.changeRows(batchId, (rows) => rows.move(batchId, rowIds, beforeId));
    return this.get(batchId);
  }

  /** Pictures and texts stay in the library. */
  removeRows(batchId: string, rowIds: readonly string[]): Batch {
    this.#list.changeRows(batchId, (rows) => rows.remove(batchId, rowIds));
    return this.get(batchId);
  }

  /** Forgets a batch; pictures and texts stay in the library. */
  async remove(batchId: string): Promise<void> {
    if (this.#list.get(batchId).state === 'active') this.#list.change(batchId, { state: 'cancelled' });
    await this.#stop(batchId);
    this.#list.remove(batchId);
  }

  #describe(batch: StoredBatch): Batch {
    return describeBatch(batch, this.#list.live(batch.id), this.#jobOf(batch));
  }

  #jobOf({ jobId }: StoredBatch): Job | null {
    if (jobId === null) return null;
    return this.#queue.list({ results: 'none' }).find(({ id }) => id === jobId) ?? null;
  }

  /** A batch with something to do has a job that is queued or running. */
  #proceed(batchId: string): Batch {
    const batch = this.#list.get(batchId);
    const job = this.#jobOf(batch);
    const busy = job !== null && !hasEnded(job);
    if (!busy && batch.state === 'active' && this.#list.live(batchId).counts.waiting > 0) {
      if (job !== null && job.state !== 'done') this.#queue.retry(job.id);
      else this.#list.change(batchId, { jobId: this.#queue.submit({ kind: 'batch', batchId, name: batch.name }).id });
    }
    return this.get(batchId);
  }

  async #stop(batchId: string): Promise<void> {
    const job = this.#jobOf(this.#list.get(batchId));
    if (job !== null && !hasEnded(job)) await this.#queue.cancel(job.id);
  }

  /** After a start: the two files were written one after the other, and a death may lie between. */
  #takeUp(batch: StoredBatch): void {
    const job = this.#jobOf(batch);
    if (job !== null && batch.state === 'active') this.#follow(job);
    this.#proceed(batch.id);
  }

  /** What becomes of a batch's job becomes of the batch: cancelled in the list of jobs, it is paused. */
  #follow(job: Job): void {
    if (job.request.kind !== 'batch') return;
    const batch = this.#list.find(job.request.batchId);
    if (batch?.jobId !== job.id) return;
    if (batch.state === 'active' && job.state === 'cancelled') this.#list.change(batch.id, { state: 'paused' });
    if (batch.state === 'active' && job.state === 'failed') this.#list.change(batch.id, { state: 'failed', error: job.error });
    this.#list.touch(batch.id);
    // Rows may have come between its last look and its end.
    if (job.state === 'done') this.#proceed(batch.id);
  }

  #toRow({ name, sha256, error }: BatchFile): NewRow {
    const id = createId(this.#clock());
    if (sha256 === null) {
      const missing = new StudioError('file-unreadable', 'The file did not arrive.', 'Drop it here again.').toBody();
      return { id, name, sha256, pictureId: null, thumbhash: null, error: error ?? missing };
    }
    const [picture] = this.#library.findItemsOfImage(sha256);
    if (picture !== undefined) return { id, name, sha256, pictureId: picture.id, thumbhash: picture.image.thumbhash, error };
    const gone = new StudioError('not-found', 'The library does not have this picture.', 'Drop the file here again.').toBody();
    return { id, name, sha256: null, pictureId: null, thumbhash: null, error: gone };
  }
}
