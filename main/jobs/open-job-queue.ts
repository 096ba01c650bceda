import { toStorageError } from '../storage/to-storage-error.ts';
import type { JobQueue, JobQueueOptions } from './job-queue.ts';
import { JobStore } from './job-store.ts';
import { recoverJobs } from './recover-jobs.ts';
import { StoredJobQueue } from './stored-job-queue.ts';

/**
 * Opens the queue and takes up what an earlier process left: what was queued or running is queued, what was running for
 * the second time has failed. Nothing runs before `start`. Throws StudioError disk-full or file-unwritable.
 */
export function openJobQueue(options: JobQueueOptions): JobQueue {
  const problems: string[] = [];
  try {
    const store = new JobStore(options, (problem) => problems.push(problem));
    const recovered = recoverJobs(store, options.clock, problems);
    return new StoredJobQueue(options, store, recovered, problems);
  } catch (cause) {
    throw toStorageError(cause, options.file);
  }
}
