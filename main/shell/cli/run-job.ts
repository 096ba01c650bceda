import type { JobRequest } from '../../../contract/job.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import { completeJob } from '../complete-job.ts';
import type { ResultOf } from '../complete-job.ts';
import type { CommandContext } from './command-context.ts';

/** Completes one job and shows its progress. Throws as completeJob does. */
export async function runJob<R extends JobRequest>(
  client: StudioClient,
  request: R,
  label: string,
  { signal, progress }: CommandContext,
): Promise<ResultOf<R>> {
  signal.throwIfAborted();
  progress.begin();
  try {
    return await completeJob(client, request, { signal, onProgress: (now) => progress.show(label, now) });
  } finally {
    progress.clear();
  }
}
