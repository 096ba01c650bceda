import type { Job } from '../../contract/job.ts';

/** True for a job that will not run again by itself. */
export function hasEnded(job: Job): boolean {
  return job.state !== 'queued' && job.state !== 'running';
}
