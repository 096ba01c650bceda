import { SvelteMap } from 'svelte/reactivity';
import type { Job, JobRequest } from '../../../contract/job.ts';
import type { StudioClient } from '../../../contract/methods.ts';

export function isEnded(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';
}

/** The queue as the core tells it. */
export class JobList {
  readonly #jobs = new SvelteMap<string, Job>();
  readonly #waiting = new Map<string, ((job: Job | null) => void)[]>();
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  /** Newest first. */
  get all(): readonly Job[] {
    return [...this.#jobs.values()].sort((a, b) => b.createdMs - a.createdMs);
  }

  get running(): readonly Job[] {
    return this.all.filter((job) => job.state === 'running');
  }

  get queued(): readonly Job[] {
    return this.all.filter((job) => job.state === 'queued');
  }

  get(id: string | null): Job | null {
    return id === null ? null : (this.#jobs.get(id) ?? null);
  }

  update(job: Job): void {
    this.#jobs.set(job.id, job);
    if (!isEnded(job)) return;
    this.#tell(job.id, job);
  }

  #tell(id: string, job: Job | null): void {
    const listeners = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    for (const tell of listeners) tell(job);
  }

  /** The list after a new connection. It comes without results, so jobs we wait for that ended meanwhile are asked for one by one. */
  replace(jobs: readonly Job[]): void {
    const ids = new Set(jobs.map((job) => job.id));
    for (const id of this.#jobs.keys()) if (!ids.has(id)) this.#jobs.delete(id);
    const open = new Set(jobs.filter((job) => !isEnded(job)).map((job) => job.id));
    for (const job of jobs) if (open.has(job.id) || !this.#waiting.has(job.id)) this.update(job);
    for (const id of this.#waiting.keys()) {
      if (open.has(id)) continue;
      void this.#client.jobs.get({ jobId: id }).then(
        (job) => this.update(job),
        () => this.#tell(id, null),
      );
    }
  }

  async submit(request: JobRequest): Promise<Job> {
    const job = await this.#client.jobs.submit(request);
    // Its events may have been faster than this answer, and they are newer.
    if (!this.#jobs.has(job.id)) this.update(job);
    return job;
  }

  /** Resolves when the job is done, failed or cancelled, across lost connections; with null when the core no longer knows it. */
  whenEnded(id: string): Promise<Job | null> {
    const known = this.#jobs.get(id);
    if (known !== undefined && isEnded(known)) return Promise.resolve(known);
    return new Promise((resolve) => this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]));
  }

  /** A job with its result, which the list of ended ones leaves out. */
  read(id: string): Promise<Job> {
    return this.#client.jobs.get({ jobId: id });
  }

  async cancel(id: string): Promise<void> {
    this.update(await this.#client.jobs.cancel({ jobId: id }));
  }

  async retry(id: string): Promise<void> {
    this.#jobs.set(id, await this.#client.jobs.retry({ jobId: id }));
  }

  async clear(): Promise<void> {
    for (const id of await this.#client.jobs.clear()) this.#jobs.delete(id);
  }
}
