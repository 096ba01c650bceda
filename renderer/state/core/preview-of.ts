import type { Job } from '../../../contract/job.ts';

/** Where a job's newest preview is, from the folder the page lies in, which need not be the first of its host. */
export function previewOf(job: Job | null): string | null {
  return job?.progress.previewUrl?.replace(/^\//, '') ?? null;
}
