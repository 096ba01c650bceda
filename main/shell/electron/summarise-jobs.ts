import type { Job } from '../../../contract/job.ts';

/** Progress of all open jobs as one number, 0..1, or null when nothing runs. Waiting jobs count as not begun. */
export function summariseJobs(jobs: Iterable<Job>): number | null {
  let open = 0;
  let sum = 0;
  let running = false;
  for (const job of jobs) {
    if (job.state !== 'queued' && job.state !== 'running') continue;
    open += 1;
    running ||= job.state === 'running';
    sum += job.state === 'running' ? job.progress.fraction : 0;
  }
  return running ? sum / open : null;
}
