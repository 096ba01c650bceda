import { StudioError } from '../../contract/errors.ts';
import type { Job, JobProgress, JobRequest, JobResult } from '../../contract/job.ts';
import type { StudioClient } from '../../contract/methods.ts';

export type ResultOf<R extends JobRequest> = Extract<JobResult, { kind: R['kind'] }>;

export interface CompleteJobOptions {
  /** When it is aborted the job is cancelled and its end awaited, so that nothing is left half done. */
  readonly signal: AbortSignal;
  readonly onSubmit?: (jobId: string) => void;
  readonly onProgress?: (progress: JobProgress) => void;
}

/**
 * Submits one job and waits for its end.
 * @throws StudioError when the job failed; the signal's reason when it was cancelled
 */
export async function completeJob<R extends JobRequest>(
  client: StudioClient,
  request: R,
  { signal, onSubmit, onProgress }: CompleteJobOptions,
): Promise<ResultOf<R>> {
  signal.throwIfAborted();
  const events = await client.studio.events();
  // Reading the first event means being subscribed: no change of the job can be missed.
  await events.next();
  const { id: jobId } = await client.jobs.submit(request);
  onSubmit?.(jobId);
  let cancel = (): void => undefined;
  const cancelled = new Promise<void>((resolve, reject) => {
    cancel = () => void client.jobs.cancel({ jobId }).then(() => resolve(), reject);
  });
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    await Promise.race([cancelled, follow(events, jobId, onProgress)]);
  } finally {
    signal.removeEventListener('abort', cancel);
    await events.return();
  }
  return resultOf(await client.jobs.get({ jobId }), request, signal);
}

async function follow(
  events: Awaited<ReturnType<StudioClient['studio']['events']>>,
  jobId: string,
  onProgress: CompleteJobOptions['onProgress'],
): Promise<void> {
  for await (const event of events) {
    if (event.type !== 'job-changed' || event.job.id !== jobId) continue;
    if (event.job.endedMs !== null) return;
    onProgress?.(event.job.progress);
  }
}

function resultOf<R extends JobRequest>(job: Job, request: R, signal: AbortSignal): ResultOf<R> {
  if (job.state === 'cancelled') {
    signal.throwIfAborted();
    throw new DOMException('The job was cancelled.', 'AbortError');
  }
  if (job.error !== null) throw StudioError.fromBody(job.error);
  if (job.result?.kind !== request.kind) throw new Error(`job ${job.id} ended as ${job.state} without its result`);
  return job.result as ResultOf<R>;
}
