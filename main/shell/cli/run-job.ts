import { StudioError } from '../../../contract/errors.ts';
import type { Job, JobRequest, JobResult } from '../../../contract/job.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { CommandContext } from './command-context.ts';

type ResultOf<R extends JobRequest> = Extract<JobResult, { kind: R['kind'] }>;

/**
 * Submits one job and waits for its end, showing its progress. When the signal is aborted the job is cancelled and its end
 * awaited, so that nothing is left half done.
 * @throws StudioError when the job failed; the signal's reason when it was cancelled
 */
export async function runJob<R extends JobRequest>(
  client: StudioClient,
  request: R,
  label: string,
  context: CommandContext,
): Promise<ResultOf<R>> {
  context.signal.throwIfAborted();
  context.progress.begin();
  const events = await client.studio.events();
  // Reading the first event means being subscribed: no change of the job can be missed.
  await events.next();
  const { id: jobId } = await client.jobs.submit(request);
  let cancel = (): void => undefined;
  const cancelled = new Promise<void>((resolve, reject) => {
    cancel = () => void client.jobs.cancel({ jobId }).then(() => resolve(), reject);
  });
  context.signal.addEventListener('abort', cancel, { once: true });
  if (context.signal.aborted) cancel();
  try {
    await Promise.race([cancelled, follow(events, jobId, label, context)]);
  } finally {
    context.signal.removeEventListener('abort', cancel);
    context.progress.clear();
    await events.return();
  }
  return resultOf(await client.jobs.get({ jobId }), request, context.signal);
}

async function follow(
  events: Awaited<ReturnType<StudioClient['studio']['events']>>,
  jobId: string,
  label: string,
  { progress }: CommandContext,
): Promise<void> {
  for await (const event of events) {
    if (event.type !== 'job-changed' || event.job.id !== jobId) continue;
    if (event.job.endedMs !== null) return;
    progress.show(label, event.job.progress);
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
