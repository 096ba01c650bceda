import { hasEnded } from '../../../main/jobs/job-queue.ts';
import type { JobQueue } from '../../../main/jobs/job-queue.ts';

/** Resolves when nothing is queued or running. */
export function untilIdle(queue: JobQueue): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!queue.list({ results: 'none' }).every(hasEnded)) return;
      stop();
      resolve();
    };
    const stop = queue.subscribe(check);
    check();
  });
}
