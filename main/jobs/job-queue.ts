import type { Job, JobRequest, JobResult } from '../../contract/job.ts';
import type { RecordGrowth } from '../../contract/record.ts';
import type { Lane } from '../ports/lane.ts';
import type { JobContext } from './job-context.ts';

/** What a job's handler returns when it stops of itself to let others go first, with more to do afterwards. */
export const YIELDED = Symbol('yielded');

/** What a job must have to itself while it runs. */
export interface JobNeeds {
  readonly lane: Lane;
  /** Lanes that would do as well: the job waits for whichever has room first. Absent: none. */
  readonly others?: readonly Lane[];
  /** How many jobs of a lane may run at a time: more than one where a server has a queue of its own. Absent: 1. */
  readonly width?: number;
}

/** True for a job that will not run again by itself. */
export function hasEnded(job: Job): boolean {
  return job.state !== 'queued' && job.state !== 'running';
}

/**
 * Does one job. Throws the signal's reason when cancelled, a StudioError for what can be expected. YIELDED gives the lane
 * to jobs that go before it; the job is queued and started again afterwards.
 */
export type RunJob = (job: Job, context: JobContext) => Promise<JobResult | typeof YIELDED>;

export interface JobPreview {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

export interface JobQueueOptions {
  /** Path of jobs.sqlite; its folder exists. */
  readonly file: string;
  readonly run: RunJob;
  /** How the records in stored jobs grow. Absent: by their own steps, which keep nothing that an older text carried beside its tokens. */
  readonly records?: ReadonlyMap<string, RecordGrowth>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: (message: string) => void;
  /** What a job needs. Jobs of one lane begin in their order, as many at a time as it is wide, those of different lanes side by side. */
  readonly needsOf: (request: JobRequest) => JobNeeds;
  /** Queued jobs of a lower rank go first, those of one rank in the order of the queue. Absent: that order alone. */
  readonly rankOf?: (request: JobRequest) => number;
  /** Where a job's n-th preview is served. Absent: `/previews/<jobId>/<n>`. */
  readonly previewUrl?: (jobId: string, number: number) => string;
  /** Ended jobs beyond this number are forgotten, oldest first. Default 500. */
  readonly keepEnded?: number;
}

/**
 * The persistent queue. A submitted job is on disk before `submit` returns and ends in exactly one of done, failed
 * and cancelled, whatever happens to the process: a job that was running when it died is queued again, and failed
 * when that happened twice, or once where what it had begun may be paid. A job whose engine crashed is started once more by itself.
 *
 * Throws StudioError: not-found, bad-request, disk-full.
 */
export interface JobQueue {
  /** What could not be read when the queue was opened, one sentence each. */
  readonly problems: readonly string[];

  /** Begins to run what is queued; before it, jobs are only kept. */
  start(): void;
  /** @param id Where whoever submits has to know it before the job is there; no job may have it yet */
  submit(request: JobRequest, id?: string): Job;
  get(jobId: string): Job;
  /** In the order of submission. Results can be large: `results: 'none'` leaves `result` null. */
  list(options?: { readonly results?: 'all' | 'none' }): readonly Job[];
  /**
   * A queued job is cancelled at once; for a running one the promise resolves when its handler has stopped. A job
   * that ended before the request reached it stays what it is.
   */
  cancel(jobId: string): Promise<Job>;
  /** Queues a failed or cancelled job again, at the end; other states are a bad-request. */
  retry(jobId: string): Job;
  /** Forgets ended jobs and returns their ids. */
  clear(): readonly string[];
  /** Every sha256 that stands in a kept job: what was asked for and what came out. */
  listHashes(): ReadonlySet<string>;
  /** The newest preview of a running job, or null. */
  getPreview(jobId: string): JobPreview | null;

  /** Calls back on every change of state, and at most 20 times a second per job on progress; returns the way to stop. */
  subscribe(listener: (job: Job) => void): () => void;
  /** Stops running jobs, which stay queued for the next start, and closes the file. */
  close(): Promise<void>;
}
