import type { Job } from '../../contract/job.ts';

/** At most twenty times a second for one job: more is more than an eye sees. */
const INTERVAL_MS = 50;

interface Pending {
  lastMs: number;
  timer: NodeJS.Timeout | null;
}

/** Tells listeners of changes. Changes of state go out at once; progress is thinned out, and its newest state is never lost. */
export class JobAnnouncer {
  readonly #clock: () => number;
  readonly #find: (jobId: string) => Job;
  readonly #listeners = new Set<(job: Job) => void>();
  readonly #pending = new Map<string, Pending>();

  /** @param find Gives a job as it is when the announcement goes out. */
  constructor(clock: () => number, find: (jobId: string) => Job) {
    this.#clock = clock;
    this.#find = find;
  }

  subscribe(listener: (job: Job) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announceState(job: Job): void {
    this.#forget(job.id);
    this.#tell(job);
  }

  announceProgress(job: Job): void {
    const pending = this.#pending.get(job.id) ?? { lastMs: Number.NEGATIVE_INFINITY, timer: null };
    this.#pending.set(job.id, pending);
    const waitMs = pending.lastMs + INTERVAL_MS - this.#clock();
    if (waitMs > 0) {
      pending.timer ??= setTimeout(() => this.#flush(job.id, pending), waitMs);
      return;
    }
    pending.lastMs = this.#clock();
    this.#tell(job);
  }

  /** Drops what was not told yet. */
  close(): void {
    for (const jobId of this.#pending.keys()) this.#forget(jobId);
  }

  #forget(jobId: string): void {
    clearTimeout(this.#pending.get(jobId)?.timer ?? undefined);
    this.#pending.delete(jobId);
  }

  #flush(jobId: string, pending: Pending): void {
    pending.timer = null;
    pending.lastMs = this.#clock();
    this.#tell(this.#find(jobId));
  }

  #tell(job: Job): void {
    for (const listener of this.#listeners) listener(job);
  }
}
