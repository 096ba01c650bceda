import type { ErrorBody } from '../../../contract/errors.ts';
import type { Job, JobRequest, JobResult } from '../../../contract/job.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { JobList } from '../core/job-list.svelte.ts';

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
  #jobId: string | null = $state(null);
  #starting = $state(false);
  #error: ErrorBody | null = $state.raw(null);
  #finding: WordFinding<Kind> | null = $state.raw(null);
  readonly #kind: Kind;
  readonly #jobs: JobList;

  constructor(kind: Kind, jobs: JobList) {
    this.#kind = kind;
    this.#jobs = jobs;
  }

  get job(): Job | null {
    return this.#jobs.get(this.#jobId);
  }

  get busy(): boolean {
    return this.#starting || this.#jobId !== null;
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

  /** Resolves when the job has ended. */
  async start(compose: () => Promise<RequestOf<Kind> | null>): Promise<void> {
    if (this.busy) return;
    this.#error = null;
    this.#starting = true;
    try {
      const request = await compose();
      if (request === null) return;
      const { id } = await this.#jobs.submit(request);
      void this.follow(id);
    } catch (failure) {
      this.#error = toErrorBody(failure);
    } finally {
      this.#starting = false;
    }
  }

  /** Waits for a job and takes what it found; also used after a reload, for one that was already under way. */
  async follow(jobId: string): Promise<void> {
    if (this.#jobId === jobId) return;
    this.#jobId = jobId;
    const ended = await this.#jobs.whenEnded(jobId);
    if (this.#jobId === jobId) this.#jobId = null;
    if (ended?.state === 'failed') this.#error = ended.error;
    if (ended !== null) this.#take(ended);
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

  async cancel(): Promise<void> {
    if (this.#jobId === null) return;
    try {
      await this.#jobs.cancel(this.#jobId);
    } catch (failure) {
      this.#error = toErrorBody(failure);
    }
  }

  #take({ id, request, result }: Job): void {
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
