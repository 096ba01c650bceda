import type { Job } from '../../contract/job.ts';
import type { JobContext } from '../jobs/job-context.ts';

/** From when on saved work belongs to this job: null at the first start, which has saved nothing. */
export function reuseSince(job: Job, context: JobContext): number | null {
  return context.attempt > 1 ? job.createdMs : null;
}
