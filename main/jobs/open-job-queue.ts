import { StudioError } from '../../contract/errors.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { jobRequestSchema } from '../../contract/job.ts';
import type { Job, JobRequest } from '../../contract/job.ts';
import type { Lane } from '../ports/lane.ts';
import { createId } from '../storage/create-id.ts';
import { toStorageError } from '../storage/to-storage-error.ts';
import { JobAnnouncer } from './job-announcer.ts';
import { JobList } from './job-list.ts';
import type { JobPreview, JobQueue, JobQueueOptions } from './job-queue.ts';
import { describeFailure, JobRun } from './job-run.ts';
import type { Outcome } from './job-run.ts';
import { WAITING } from './progress-tracker.ts';
import { mayStartAgain, recoverJobs } from './recover-jobs.ts';
import type { RecoveredJobs } from './recover-jobs.ts';
import { JobStore } from './job-store.ts';

const KEEP_ENDED = 500;

/**
 * Opens the queue and takes up what an earlier process left: what was queued or running is queued, what was running for
 * the second time has failed. Nothing runs before `start`. Throws StudioError disk-full or file-unwritable.
 */
export function openJobQueue(options: JobQueueOptions): JobQueue {
  const problems: string[] = [];
  try {
    const store = new JobStore(options, (problem) => problems.push(problem));
    const recovered = recoverJobs(store, options.clock, problems);
    return new StoredJobQueue(options, store, recovered, problems);
  } catch (cause) {
    throw toStorageError(cause, options.file);
  }
}

interface UnderWay {
  readonly run: JobRun;
  /** Resolves when the job's end is in the list. */
  readonly settled: Promise<void>;
}

/** The queue over its store. */
class StoredJobQueue implements JobQueue {
  readonly problems: readonly string[];
  readonly #options: JobQueueOptions;
  readonly #store: JobStore;
  readonly #announcer: JobAnnouncer;
  readonly #jobs: JobList;
  readonly #underWay = new Map<string, UnderWay>();
  /** What becomes of a running job where the studio ends, by its id: of those that are not begun again by themselves. */
  readonly #brokenOff = new Map<string, ErrorBody>();
  #phase: 'opened' | 'started' | 'closing' = 'opened';

  constructor(options: JobQueueOptions, store: JobStore, recovered: RecoveredJobs, problems: readonly string[]) {
    this.#options = options;
    this.#store = store;
    this.problems = problems;
    this.#announcer = new JobAnnouncer(options.clock, (jobId) => this.#jobs.get(jobId));
    this.#jobs = new JobList(store, this.#announcer, recovered);
    this.#forgetOld();
  }

  start(): void {
    if (this.#phase === 'opened') this.#phase = 'started';
    this.#startNext();
  }

  submit(request: JobRequest, id?: string): Job {
    const parsed = jobRequestSchema.safeParse(request);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      const reason = issue ? `${issue.path.join('.')}: ${issue.message}` : '';
      throw new StudioError('bad-request', `The job cannot be done as asked (${reason}).`, 'Correct that value and try again.');
    }
    const createdMs = this.#options.clock();
    const job: Job = {
      id: id ?? createId(createdMs),
      request: parsed.data,
      state: 'queued',
      createdMs,
      startedMs: null,
      endedMs: null,
      attempts: 0,
      progress: WAITING,
      result: null,
      error: null,
    };
    return this.#enqueue(job);
  }

  get(jobId: string): Job {
    return this.#jobs.withResult(this.#jobs.get(jobId));
  }

  list({ results = 'all' }: { readonly results?: 'all' | 'none' } = {}): readonly Job[] {
    const jobs = this.#jobs.all();
    return results === 'none' ? jobs : jobs.map((job) => this.#jobs.withResult(job));
  }

  async cancel(jobId: string): Promise<Job> {
    const job = this.#jobs.get(jobId);
    const underWay = this.#underWay.get(jobId);
    if (underWay) {
      underWay.run.stop();
      await underWay.settled;
    } else if (job.state === 'queued') {
      this.#record({ ...job, state: 'cancelled', endedMs: this.#options.clock() });
    }
    return this.get(jobId);
  }

  retry(jobId: string): Job {
    const job = this.#jobs.get(jobId);
    if (job.state !== 'failed' && job.state !== 'cancelled') {
      const hint = 'Only a job that failed or was cancelled can be started again; submit a new one instead.';
      throw new StudioError('bad-request', `The job is ${job.state}.`, hint, { jobId, state: job.state });
    }
    return this.#enqueue({
      ...job,
      state: 'queued',
      startedMs: null,
      endedMs: null,
      attempts: 0,
      progress: WAITING,
      error: null,
    });
  }

  clear(): readonly string[] {
    return [...this.#jobs.forgetEnded(0), ...this.#jobs.forgetUnreadable()];
  }

  listHashes(): ReadonlySet<string> {
    return this.#store.listHashes();
  }

  getPreview(jobId: string): JobPreview | null {
    return this.#underWay.get(jobId)?.run.preview ?? null;
  }

  subscribe(listener: (job: Job) => void): () => void {
    return this.#announcer.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#phase = 'closing';
    for (const { run } of this.#underWay.values()) run.stop();
    await Promise.all([...this.#underWay.values()].map(({ settled }) => settled));
    this.#announcer.close();
    this.#store.close();
  }

  #enqueue(job: Job): Job {
    try {
      this.#jobs.append(job);
    } catch (cause) {
      throw toStorageError(cause, this.#options.file);
    }
    // Not at once: who submits learns of the job before it changes.
    setImmediate(() => this.#startNext());
    return job;
  }

  /** Starts the first queued jobs of every lane that has room. */
  #startNext(): void {
    if (this.#phase !== 'started') return;
    const running = new Map<Lane, number>();
    for (const { run } of this.#underWay.values()) running.set(run.lane, (running.get(run.lane) ?? 0) + 1);
    for (const job of this.#queued()) {
      const { lane: first, others = [], width = 1 } = this.#options.needsOf(job.request);
      const inLane = (lane: Lane): number => running.get(lane) ?? 0;
      // The emptiest; the first of those that are alike.
      const lane = others.reduce((best, one) => (inLane(one) < inLane(best) ? one : best), first);
      if (inLane(lane) >= width) continue;
      running.set(lane, inLane(lane) + 1);
      this.#start(job, lane);
    }
  }

  /** In the order in which they would start. */
  #queued(): Job[] {
    return this.#jobs
      .all()
      .filter(({ state }) => state === 'queued')
      .sort((a, b) => this.#rankOf(a) - this.#rankOf(b));
  }

  #mayRunIn(lane: Lane, job: Job): boolean {
    const { lane: first, others = [] } = this.#options.needsOf(job.request);
    return first === lane || others.includes(lane);
  }

  #rankOf(job: Job): number {
    return this.#options.rankOf?.(job.request) ?? 0;
  }

  #isWanted(lane: Lane, jobId: string): boolean {
    const rank = this.#rankOf(this.#jobs.get(jobId));
    const goesBefore = (job: Job) => job.state === 'queued' && this.#mayRunIn(lane, job) && this.#rankOf(job) < rank;
    return this.#jobs.all().some(goesBefore);
  }

  /** The attempts of a job that has kept something since it started begin to count anew. */
  #countAnew(jobId: string): void {
    const job = this.#jobs.get(jobId);
    if (job.state === 'running' && job.attempts > 1) this.#record({ ...job, attempts: 1 });
  }

  /** Kept before it is true: whenever the process dies, the next one reads it. */
  #expect(jobId: string, brokenOff: StudioError): void {
    const error = brokenOff.toBody();
    try {
      this.#store.update({ ...this.#jobs.get(jobId), error });
    } catch (cause) {
      throw toStorageError(cause, this.#options.file);
    }
    this.#brokenOff.set(jobId, error);
  }

  #start(queued: Job, lane: Lane): void {
    const job: Job = { ...queued, state: 'running', startedMs: this.#options.clock(), attempts: queued.attempts + 1 };
    this.#record(job);
    const run = new JobRun(job, lane, this.#options, {
      onProgress: (progress) => this.#jobs.showProgress(job.id, progress),
      isLaneWanted: () => this.#isWanted(lane, job.id),
      onKept: () => this.#countAnew(job.id),
      onBegunForGood: (brokenOff) => this.#expect(job.id, brokenOff),
    });
    this.#underWay.set(job.id, { run, settled: run.outcome.then((outcome) => this.#settle(job.id, outcome)) });
  }

  #settle(jobId: string, outcome: Outcome): void {
    this.#underWay.delete(jobId);
    const job = this.#jobs.get(jobId);
    const brokenOff = this.#brokenOff.get(jobId) ?? null;
    this.#brokenOff.delete(jobId);
    this.#record(this.#after({ ...job, progress: { ...job.progress, previewUrl: null, remainingMs: null } }, outcome, brokenOff));
    if (this.#phase !== 'closing') this.#forgetOld();
    this.#startNext();
  }

  /** The job as it is after an attempt. */
  #after(job: Job, outcome: Outcome, brokenOff: ErrorBody | null): Job {
    const endedMs = this.#options.clock();
    switch (outcome.type) {
      case 'done':
        return {
          ...job,
          state: 'done',
          endedMs,
          result: outcome.result,
          progress: { ...job.progress, fraction: 1, phase: 'saving' },
        };
      case 'yielded':
        return { ...job, state: 'queued', attempts: 0, progress: { ...job.progress, phase: 'waiting' } };
      case 'stopped':
        // Stopped by the end of the studio, not by the artist: it goes on at the next start, and the attempt does not count.
        if (this.#phase === 'closing' && brokenOff === null) return { ...job, state: 'queued', attempts: job.attempts - 1 };
        if (this.#phase === 'closing') return { ...job, state: 'failed', endedMs, error: brokenOff };
        return { ...job, state: 'cancelled', endedMs, error: brokenOff };
      case 'failed':
        if (mayStartAgain(outcome.cause, job.attempts))
          return { ...job, state: 'queued', progress: { ...job.progress, phase: 'waiting' } };
        return { ...job, state: 'failed', endedMs, error: describeFailure(outcome.cause, endedMs, this.#options.log) };
    }
  }

  /** Keeps a change of state. */
  #record(job: Job): void {
    this.#tolerate(`keep the state "${job.state}" of job ${job.id}`, () => this.#jobs.change(job));
  }

  #forgetOld(): void {
    this.#tolerate('forget old jobs', () => this.#jobs.forgetEnded(this.#options.keepEnded ?? KEEP_ENDED));
  }

  /** Where the disk takes nothing, the studio goes on with what it knows, and the log says what a restart will not know. */
  #tolerate(what: string, write: () => void): void {
    try {
      write();
    } catch (cause) {
      this.#options.log(`Could not ${what}: ${String(toStorageError(cause, this.#options.file))}`);
    }
  }
}
