import type { Job } from '../../contract/job.ts';
import type { StudioClient } from '../../contract/methods.ts';

const ended = new Set(['done', 'failed', 'cancelled']);

/** Follows the stream of events until the job has ended, and returns every state that was pushed, the last included. */
export async function watchJob(
  client: StudioClient,
  submit: () => Promise<Job>,
  onChange: (job: Job) => unknown = () => undefined,
): Promise<readonly Job[]> {
  const stop = new AbortController();
  const events = await client.studio.events(undefined, { signal: stop.signal });
  // `hello` says that the stream is up; what is submitted after it cannot be missed.
  const hello = await events.next();
  if (hello.done === true || hello.value.type !== 'hello') throw new Error('the stream did not begin with hello');
  const { id } = await submit();
  const seen: Job[] = [];
  for await (const event of events) {
    if (event.type !== 'job-changed' || event.job.id !== id) continue;
    seen.push(event.job);
    await onChange(event.job);
    if (ended.has(event.job.state)) break;
  }
  stop.abort();
  return seen;
}

/** The job once it has ended. */
export async function waitForJob(client: StudioClient, jobId: string): Promise<Job> {
  for (;;) {
    const job = await client.jobs.get({ jobId });
    if (ended.has(job.state)) return job;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The job once it has reported work; also when it ended before. */
export async function waitUntilRunning(client: StudioClient, jobId: string): Promise<Job> {
  for (;;) {
    const job = await client.jobs.get({ jobId });
    if (ended.has(job.state) || job.progress.phase === 'denoising') return job;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
