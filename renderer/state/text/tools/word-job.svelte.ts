import type { ErrorBody } from '../../../../contract/errors.ts';
import type { Job, JobRequest, JobResult } from '../../../../contract/job.ts';
import { toErrorBody } from '../../../client/to-error-body.ts';
import { FollowedJobs } from '../../core/followed-jobs.svelte.ts';
import type { JobList } from '../../core/job-list.svelte.ts';

/** The jobs that look into the open text. */
export type WordJobKind = 'word-values' | 're-solve' | 'drift';
type RequestOf<Kind extends WordJobKind> = Extract<JobRequest, { kind: Kind }>;
type ResultOf<Kind extends WordJobKind> = Extract<JobResult, { kind: Kind }>;

/** A result with the request it answers. */
export interface WordFinding<Kind extends WordJobKind> {
  readonly jobId: string;
  readonly request: RequestOf<Kind>;
  readonly result: ResultOf<Kind>;
}

/** One kind of job over the open text: what runs, and what was found last. */
export class WordJob<Kind extends WordJobKind> {
  #error: ErrorBody | null = $state.raw(null);
  #finding: WordFinding<Kind> | null = $state.raw(null);
  readonly #kind: Kind;
  readonly #jobs: JobList;
  readonly #followed: FollowedJobs;

  constructor(kind: Kind, jobs: JobList) {
    this.#kind = kind;
    this.#jobs = jobs;
    this.#followed = new FollowedJobs({
      jobs,
      onEnded: (ended) => this.#take(ended),
      onFailure: (failure) => (this.#error = failure),
    });
  }

  get job(): Job | null {
    return this.#followed.first;
  }

  get busy(): boolean {
    return this.#followed.busy;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  get finding(): WordFinding<Kind> | null {
    return this.#finding;
  }

  dismissError(): void {
    this.#error = null;
  }

  /** Puts what was found away. */
  forget(): void {
    this.#finding = null;
  }

  /** Resolves when the job has been taken by the core. */
  async start(compose: () => Promise<RequestOf<Kind> | null>): Promise<void> {
    if (this.busy) return;
    this.#error = null;
    await this.#followed.start(compose);
  }

  /** Waits for a job and takes what it found; also used after a reload, for one that was already under way. */
  follow(jobId: string): Promise<void> {
    return this.#followed.follow(jobId);
  }

  /** Takes again what a job found that ended before the page was there, unless there is something newer. */
  async recall(jobId: string): Promise<void> {
    const newer = (): boolean => this.busy || this.#finding !== null;
    if (newer()) return;
    try {
      const ended = await this.#jobs.read(jobId);
      if (!newer()) this.#take(ended);
    } catch (failure) {
      this.#error = toErrorBody(failure);
    }
  }

  cancel(): Promise<void> {
    return this.#followed.cancel(this.job);
  }

  #take(ended: Job | null): void {
    if (ended === null) return;
    const { id, request, result } = ended;
    if (!isOf(this.#kind, request) || result === null || !isOf(this.#kind, result)) return;
    this.#finding = { jobId: id, request, result };
  }
}

function isOf<Kind extends WordJobKind, Value extends { readonly kind: string }>(
  kind: Kind,
  value: Value,
): value is Extract<Value, { kind: Kind }> {
  return value.kind === kind;
}
