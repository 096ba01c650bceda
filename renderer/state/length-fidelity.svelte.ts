import type { ErrorBody } from '../../contract/errors.ts';
import type { Job } from '../../contract/job.ts';
import type { GenerateSettings } from '../../contract/recipe.ts';
import { toErrorBody } from '../client/to-error-body.ts';
import type { Drawing } from './drawing.svelte.ts';
import type { JobList } from './job-list.svelte.ts';
import type { Manuscript } from './manuscript.svelte.ts';
import type { StudioFacts } from './studio-facts.svelte.ts';

interface Options {
  readonly manuscript: Manuscript;
  readonly jobs: JobList;
  readonly facts: StudioFacts;
  readonly drawing: Drawing;
  readonly settings: () => GenerateSettings;
}

/** Pictures per length: the fewest that give a spread worth naming. */
const picturesPerLength = 4;
/** The same noise for every length, so that only the words differ. */
const firstSeed = 1;

/** Measures how well the picture comes back from its text of every length: one roundtrip job for all of them. */
export class LengthFidelity {
  #jobId: string | null = $state(null);
  #error: ErrorBody | null = $state.raw(null);
  #starting = $state(false);
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  get job(): Job | null {
    return this.#options.jobs.get(this.#jobId);
  }

  get busy(): boolean {
    return this.#starting || this.#jobId !== null;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  dismissError(): void {
    this.#error = null;
  }

  async measure(): Promise<void> {
    const { manuscript, jobs, facts, settings } = this.#options;
    const { picture } = manuscript;
    if (picture === null || facts.lengths.length === 0 || this.busy) return;
    this.#error = null;
    this.#starting = true;
    try {
      const { steps, guidance, scheduler, negative } = settings();
      const job = await jobs.submit({
        kind: 'roundtrip',
        imageSha256: picture.sha256,
        lengths: [...facts.lengths],
        settings: {
          count: picturesPerLength,
          seed: firstSeed,
          ...(steps === undefined ? {} : { steps }),
          ...(guidance === undefined ? {} : { guidance }),
          ...(scheduler === undefined ? {} : { scheduler }),
          ...(negative === undefined ? {} : { negative }),
        },
      });
      void this.follow(job.id);
    } catch (failure) {
      this.#error = toErrorBody(failure);
    } finally {
      this.#starting = false;
    }
  }

  /** Waits for a measurement; also used after a reload, for one that was already under way. Its pictures join the results. */
  async follow(jobId: string): Promise<void> {
    if (this.#jobId === jobId) return;
    this.#jobId = jobId;
    const ended = await this.#options.jobs.whenEnded(jobId);
    if (this.#jobId === jobId) this.#jobId = null;
    if (ended?.state === 'failed') this.#error = ended.error;
    await this.#options.drawing.refresh();
  }

  async cancel(): Promise<void> {
    if (this.#jobId === null) return;
    try {
      await this.#options.jobs.cancel(this.#jobId);
    } catch (failure) {
      this.#error = toErrorBody(failure);
    }
  }
}
