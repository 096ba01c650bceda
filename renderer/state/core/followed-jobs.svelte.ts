import type { ErrorBody } from '../../../contract/errors.ts';
import type { Job, JobRequest } from '../../../contract/job.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { JobList } from './job-list.svelte.ts';

interface Options {
  readonly jobs: JobList;
  /** What came of a job that was followed; null where the core no longer knows it. */
  readonly onEnded: (ended: Job | null) => void | Promise<void>;
  /** Why a job could not be asked for or cancelled, or how it failed. */
  readonly onFailure: (failure: ErrorBody) => void;
}

/** The jobs of one kind of work, from what is asked for to what came of it. */
export class FollowedJobs {
  #ids: readonly string[] = $state.raw([]);
  #starting = $state(false);
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Those that are not at their end, oldest first. */
  get all(): readonly Job[] {
    return this.#ids.map((id) => this.#options.jobs.get(id)).filter((job) => job !== null);
  }

  /** The one that runs, or the one that waits first; null when there is none. */
  get first(): Job | null {
    return this.all.find((job) => job.state === 'running') ?? this.all[0] ?? null;
  }

  get count(): number {
    return this.#ids.length;
  }

  /** True while a job is composed and sent. */
  get starting(): boolean {
    return this.#starting;
  }

  get busy(): boolean {
    return this.#starting || this.count > 0;
  }

  /** Resolves when the job has been taken by the core. */
  async start(compose: () => Promise<JobRequest | null>): Promise<void> {
    const id = await this.#submit(compose);
    if (id !== null) void this.follow(id);
  }

  /** Resolves when what came of the job has been taken. */
  async finish(compose: () => Promise<JobRequest | null>): Promise<void> {
    const id = await this.#submit(compose);
    if (id !== null) await this.follow(id);
  }

  /** @returns the job that the core has taken; null where nothing was asked for, or it failed, which is told */
  async #submit(compose: () => Promise<JobRequest | null>): Promise<string | null> {
    this.#starting = true;
    try {
      const request = await compose();
      return request === null ? null : (await this.#options.jobs.submit(request)).id;
    } catch (failure) {
      this.#options.onFailure(toErrorBody(failure));
      return null;
    } finally {
      this.#starting = false;
    }
  }

  /** Waits for a job and takes what came of it; also used after a reload, for one that was already under way. */
  async follow(jobId: string): Promise<void> {
    if (this.#ids.includes(jobId)) return;
    this.#ids = [...this.#ids, jobId];
    const ended = await this.#options.jobs.whenEnded(jobId);
    this.#ids = this.#ids.filter((id) => id !== jobId);
    if (ended?.state === 'failed' && ended.error !== null) this.#options.onFailure(ended.error);
    await this.#options.onEnded(ended);
  }

  async cancel(job: Job | null): Promise<void> {
    if (job === null) return;
    try {
      await this.#options.jobs.cancel(job.id);
    } catch (failure) {
      this.#options.onFailure(toErrorBody(failure));
    }
  }
}
