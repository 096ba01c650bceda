import type { z } from 'zod';
import type { Job, jobRequestSchema } from '../../contract/job.ts';
import type { Studio } from '../../main/studio.ts';

/** Submits a job and waits for its end through the event stream; throws when it did not end well. */
export async function runJob(studio: Studio, request: z.input<typeof jobRequestSchema>): Promise<Job> {
  const stopped = new AbortController();
  const events = await studio.client.studio.events(undefined, { signal: stopped.signal });
  try {
    const { id } = await studio.client.jobs.submit(request);
    for await (const event of events) {
      if (event.type !== 'job-changed' || event.job.id !== id) continue;
      if (event.job.state === 'done') return event.job;
      if (event.job.state === 'failed' || event.job.state === 'cancelled') {
        throw new Error(event.job.error?.message ?? 'The job was cancelled.');
      }
    }
    throw new Error('The event stream ended before the job did.');
  } finally {
    await events.return(undefined);
    stopped.abort();
  }
}
