import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import type { Job, JobProgress, JobResult } from '../../contract/job.ts';
import type { Lane } from '../ports/lane.ts';
import { createId } from '../storage/create-id.ts';
import { traceError } from '../running/trace-error.ts';
import { YIELDED } from './job-queue.ts';
import type { JobPreview, JobQueueOptions } from './job-queue.ts';
import { ProgressTracker } from './progress-tracker.ts';

/** How an attempt ended. `stopped`: it was asked to stop and did, whatever it threw in doing so. */
export type Outcome =
  | { readonly type: 'done'; readonly result: JobResult }
  | { readonly type: 'yielded' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly cause: unknown };

/** What an attempt asks of and tells its queue. */
export interface JobRunLinks {
  readonly onProgress: (progress: JobProgress) => void;
  readonly isLaneWanted: () => boolean;
  readonly onKept: () => void;
  readonly onBegunForGood: (brokenOff: StudioError) => void;
}

/** One attempt at one job. It starts when it is made. */
export class JobRun {
  readonly lane: Lane;
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  /** The newest preview; null before the first. */
  preview: JobPreview | null = null;
  readonly #abort = new AbortController();

  constructor(job: Job, lane: Lane, options: JobQueueOptions, { onProgress, ...links }: JobRunLinks) {
    const { run, clock, log, previewUrl = defaultPreviewUrl } = options;
    const tracker = new ProgressTracker(clock, job.progress);
    let previews = 0;
    const context = {
      signal: this.#abort.signal,
      lane,
      attempt: job.attempts,
      log,
      ...links,
      onProgress: (progress: Parameters<ProgressTracker['report']>[0]) => onProgress(tracker.report(progress)),
      onPreview: (bytes: Uint8Array, mediaType: string) => {
        this.preview = { bytes, mediaType };
        previews += 1;
        onProgress(tracker.showPreview(previewUrl(job.id, previews)));
      },
    };
    this.lane = lane;
    this.outcome = this.#finish(async () => run(job, context));
  }

  /** Asks the handler to stop; `outcome` resolves when it has. */
  stop(): void {
    this.#abort.abort();
  }

  async #finish(work: () => Promise<JobResult | typeof YIELDED>): Promise<Outcome> {
    try {
      // A handler that came to its end before it saw the signal has made something, and that is what is told.
      const result = await work();
      return result === YIELDED ? { type: 'yielded' } : { type: 'done', result };
    } catch (cause) {
      return this.#abort.signal.aborted ? { type: 'stopped' } : { type: 'failed', cause };
    }
  }
}

function defaultPreviewUrl(jobId: string, number: number): string {
  return `/previews/${jobId}/${number}`;
}

/** What a failed job shows. An error nobody expected becomes `internal` with an id under which the log says where it happened, and nothing of what it was about. */
export function describeFailure(cause: unknown, nowMs: number, log: (message: string) => void): ErrorBody {
  if (cause instanceof StudioError) return cause.toBody();
  const logId = createId(nowMs);
  const { kind, code, stack } = traceError(cause);
  log(`${logId}: ${kind} ${code}\n${stack}`);
  return new StudioError(
    'internal',
    'The job failed in a way the studio did not expect.',
    `Try it again. If it fails again, report it with the id ${logId}; the log has the details under it.`,
    { logId },
  ).toBody();
}
