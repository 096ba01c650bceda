import { StudioError } from '../../contract/errors.ts';
import type { Job } from '../../contract/job.ts';
import type { JobStore } from './job-store.ts';

/** A job that broke off is started once more, and no more than that. */
export const MAX_ATTEMPTS = 2;

/** True when a job that ended with `cause` is worth a second start by itself: its engine crashed. */
export function mayStartAgain(cause: unknown, attempts: number): boolean {
  return attempts < MAX_ATTEMPTS && cause instanceof StudioError && cause.code === 'engine-crashed';
}

export interface RecoveredJobs {
  /** In the order of the queue. */
  readonly jobs: readonly Job[];
  /** By id: why a stored job can be neither run nor shown. */
  readonly unreadable: ReadonlyMap<string, StudioError>;
}

/** Reads the stored jobs and settles those that were running when their process ended. */
export function recoverJobs(store: JobStore, clock: () => number, problems: string[]): RecoveredJobs {
  const stored = store.load();
  const unreadable = new Map<string, StudioError>();
  for (const { position, id, state, reason, newer } of stored.unreadable) {
    if (newer !== null) {
      // The studio that wrote it will want it: it stays as it is.
      unreadable.set(id, newer);
      problems.push(`Job ${id}: ${newer.message} It was not run and left as it is.`);
      continue;
    }
    const error = new StudioError(
      'bad-request',
      `The stored job ${id} cannot be read any more and was not run: ${reason}`,
      'Start it again from its picture or text.',
      { jobId: id },
    );
    unreadable.set(id, error);
    // Told once; afterwards the row says so itself.
    if (state === 'failed') continue;
    problems.push(error.message);
    store.failUnreadable(position, JSON.stringify(error.toBody()), clock());
  }
  return { jobs: stored.jobs.map((job) => (job.state === 'running' ? settle(job, store, clock) : job)), unreadable };
}

function settle(job: Job, store: JobStore, clock: () => number): Job {
  // Of a running job an error is stored where it must not be begun again by itself.
  const error = job.error ?? (job.attempts >= MAX_ATTEMPTS ? givenUp(job) : null);
  const settled: Job = error === null ? { ...job, state: 'queued' } : { ...job, state: 'failed', endedMs: clock(), error };
  store.update(settled);
  return settled;
}

function givenUp(job: Job) {
  return new StudioError(
    'engine-crashed',
    `The studio ended ${job.attempts} times while it was doing this job, so it was not started again.`,
    'Try a smaller picture, fewer pictures at once or another device, then start the job again.',
    { attempts: job.attempts },
  ).toBody();
}
