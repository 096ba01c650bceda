import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JobResult } from '../../../contract/job.ts';
import type { JobQueue, JobQueueOptions } from '../../../main/jobs/job-queue.ts';
import { openJobQueue } from '../../../main/jobs/open-job-queue.ts';
import { makeTemporaryFolder } from '../library/make-temporary-folder.ts';
import { SAMPLE_RESULT } from './sample-jobs.ts';

export interface Bench {
  readonly queue: JobQueue;
  readonly logged: string[];
  readonly file: string;
}

export const succeed = (): Promise<JobResult> => Promise.resolve(SAMPLE_RESULT);

/** A queue that is closed with the test, in a file of its own unless one is given. */
export function openTestQueue(run: JobQueueOptions['run'], options: Partial<JobQueueOptions> = {}): Bench {
  const file = options.file ?? join(makeTemporaryFolder(), 'jobs.sqlite');
  const logged: string[] = [];
  const queue = openJobQueue({
    run,
    needsOf: () => ({ lane: 'device' }),
    clock: Date.now,
    log: (message) => logged.push(message),
    ...options,
    file,
  });
  onTestFinished(() => queue.close());
  return { queue, logged, file };
}
