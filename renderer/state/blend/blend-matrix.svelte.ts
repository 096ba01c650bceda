import { builtInWriter } from '../../../contract/texts/blend.ts';
import type { Job } from '../../../contract/job.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { Matrix } from '../../../contract/texts/matrix.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { FollowedJobs } from '../core/followed-jobs.svelte.ts';
import { isEnded } from '../core/job-list.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import type { BlendOrder } from './blend-state.ts';

interface Options {
  readonly client: StudioClient;
  readonly jobs: JobList;
  readonly settings: () => GenerateSettings;
  readonly notices: Notices;
}

export interface MatrixOrder {
  readonly name: string;
  readonly imageSha256s: readonly string[];
  readonly length: number;
  /** False: the texts alone. */
  readonly isDrawn: boolean;
  /** Who writes, and what a language model is asked with. */
  readonly wish: Pick<BlendOrder, 'writer' | 'templateId' | 'language'>;
}

/** Every picture blended with every other: the job that does it, and what there is of it by now. */
export class BlendMatrix {
  #id: string | null = $state(null);
  #matrix: Matrix | null = $state.raw(null);
  readonly #jobs: FollowedJobs;
  readonly #looks = new NewestQuestion();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#jobs = new FollowedJobs({
      jobs: options.jobs,
      onEnded: () => void this.look(),
      onFailure: (failure) => options.notices.fail(failure),
    });
  }

  /** The job on screen; null while there is none. */
  get id(): string | null {
    return this.#id;
  }

  get job(): Job | null {
    return this.#options.jobs.get(this.#id);
  }

  get busy(): boolean {
    return this.#jobs.busy;
  }

  /** As far as it was made when somebody last looked. */
  get matrix(): Matrix | null {
    return this.#matrix;
  }

  show(jobId: string | null): void {
    this.#id = jobId;
    this.#matrix = null;
  }

  async start({ name, imageSha256s, length, isDrawn, wish }: MatrixOrder): Promise<void> {
    const settings: GenerateSettings = { ...this.#options.settings() };
    // A blend begins at noise, whatever the Studio’s next picture begins from, and is drawn once.
    delete settings.init;
    delete settings.count;
    const draw = isDrawn ? settings : null;
    const written = wish.writer === builtInWriter ? {} : wish;
    const pictures = [...imageSha256s];
    const job = await this.#options.jobs.submit({ kind: 'matrix', name, imageSha256s: pictures, length, ...written, draw });
    this.show(job.id);
    void this.#jobs.follow(job.id);
  }

  pause(): Promise<void> {
    return this.#jobs.cancel(this.job);
  }

  /** Goes on after a pause or a failure; what is done is not done again. */
  async resume(): Promise<void> {
    if (this.#id === null) return;
    await this.#options.jobs.retry(this.#id);
    void this.#jobs.follow(this.#id);
  }

  /** After a reload or a restart: the matrix that was on screen, and its job where it goes on. One that was cleared away is forgotten. */
  async load(): Promise<void> {
    if (this.#id === null) return;
    try {
      const job = await this.#options.jobs.read(this.#id);
      if (!isEnded(job)) void this.#jobs.follow(job.id);
    } catch (failure) {
      if (toErrorBody(failure).code !== 'not-found') throw failure;
      this.show(null);
    }
    await this.look();
  }

  /** Looks at what there is of it now. */
  async look(): Promise<void> {
    const jobId = this.#id;
    if (jobId === null) return;
    const isNewest = this.#looks.ask();
    const matrix = await this.#options.client.matrices.get({ jobId });
    if (isNewest() && jobId === this.#id) this.#matrix = matrix;
  }

  /** @returns the file’s text; null where there is no matrix */
  async write(format: 'csv' | 'html'): Promise<string | null> {
    return this.#id === null ? null : this.#options.client.matrices.write({ jobId: this.#id, format });
  }

  /** The grid as a picture of the library; null where there is no matrix. */
  async sheet(): Promise<LibraryItem | null> {
    return this.#id === null ? null : this.#options.client.matrices.sheet({ jobId: this.#id });
  }
}
