import { StudioError } from '../../contract/errors.ts';
import type { Job, JobProgress } from '../../contract/job.ts';
import type { JobAnnouncer } from './job-announcer.ts';
import { hasEnded } from './job-queue.ts';
import type { JobStore } from './job-store.ts';
import type { RecoveredJobs } from './recover-jobs.ts';

/** All jobs of a queue in its order, kept the same in memory and on disk. Results of ended jobs are on disk only. */
export class JobList {
  readonly #store: JobStore;
  readonly #announcer: JobAnnouncer;
  readonly #jobs: Map<string, Job>;
  readonly #unreadable: Map<string, StudioError>;

  constructor(store: JobStore, announcer: JobAnnouncer, recovered: RecoveredJobs) {
    this.#store = store;
    this.#announcer = announcer;
    this.#jobs = new Map(recovered.jobs.map((job) => [job.id, job]));
    this.#unreadable = new Map(recovered.unreadable);
  }

  /** Without its result. Throws StudioError not-found, or bad-request or record-newer for a stored job that cannot be read. */
  get(jobId: string): Job {
    const job = this.#jobs.get(jobId);
    if (job) return job;
    throw (
      this.#unreadable.get(jobId) ??
      new StudioError('not-found', 'There is no such job.', 'It may have been cleared; start it again.', { jobId })
    );
  }

  withResult(job: Job): Job {
    return job.state === 'done' ? { ...job, result: this.#store.readResult(job.id) } : job;
  }

  all(): Job[] {
    return [...this.#jobs.values()];
  }

  /** Puts a job at the end, new or again. SqliteError passes through, and then nothing has changed. */
  append(job: Job): void {
    this.#store.append(job);
    this.#jobs.delete(job.id);
    this.#jobs.set(job.id, job);
    this.#announcer.announceState(job);
  }

  /** Keeps a job's new state, then tells it: what was told survives a death. SqliteError passes through, and it is told even so. */
  change(job: Job): void {
    this.#jobs.set(job.id, { ...job, result: null });
    try {
      this.#store.update(job);
    } finally {
      this.#announcer.announceState(job);
    }
  }

  /** Progress is not stored: it starts anew with the next attempt. */
  showProgress(jobId: string, progress: JobProgress): void {
    const job = this.#jobs.get(jobId);
    if (job?.state !== 'running') return;
    const changed = { ...job, progress };
    this.#jobs.set(jobId, changed);
    this.#announcer.announceProgress(changed);
  }

  /** Forgets ended jobs but the newest `keep`, and returns their ids. SqliteError passes through, and then nothing has changed. */
  forgetEnded(keep: number): string[] {
    const ended = this.all()
      .filter(hasEnded)
      .reverse()
      .sort((a, b) => (b.endedMs ?? 0) - (a.endedMs ?? 0));
    const ids = ended.slice(keep).map(({ id }) => id);
    this.#remove(ids);
    return ids;
  }

  /** Forgets what was stored and can no longer be read, and returns the ids. What a later studio wrote stays. */
  forgetUnreadable(): string[] {
    const ids = [...this.#unreadable].filter(([, { code }]) => code !== 'record-newer').map(([id]) => id);
    this.#remove(ids);
    return ids;
  }

  #remove(ids: readonly string[]): void {
    if (ids.length === 0) return;
    this.#store.remove(ids);
    for (const id of ids) {
      this.#jobs.delete(id);
      this.#unreadable.delete(id);
    }
  }
}
