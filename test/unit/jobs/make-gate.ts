import type { Job, JobResult } from '../../../contract/job.ts';
import type { JobContext } from '../../../main/jobs/job-context.ts';
import { SAMPLE_RESULT } from './sample-jobs.ts';

/** A handler that runs until it is told to go on or its signal is aborted. */
export function makeGate() {
  const started: { job: Job; context: JobContext; finish: (result?: JobResult) => void; fail: (cause: unknown) => void }[] = [];
  let wake: () => void = () => undefined;
  const run = (job: Job, context: JobContext): Promise<JobResult> =>
    new Promise((resolve, reject) => {
      context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
      started.push({ job, context, finish: (result = SAMPLE_RESULT) => resolve(result), fail: reject });
      wake();
    });
  /** The n-th start of a job, when it has come. */
  const start = async (number: number) => {
    for (;;) {
      const found = started[number - 1];
      if (found) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { run, start, started };
}
