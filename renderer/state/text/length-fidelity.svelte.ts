import type { ErrorBody } from '../../../contract/errors.ts';
import type { Job, JobRequest } from '../../../contract/job.ts';
import { drawingOptionsOf } from '../../../contract/recipe.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { Drawing } from '../canvas/drawing.svelte.ts';
import { FollowedJobs } from '../core/followed-jobs.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import type { OpenWork } from './open-work.svelte.ts';
import type { CoreFacts } from '../core/core-facts.svelte.ts';

interface Options {
  readonly work: OpenWork;
  readonly jobs: JobList;
  readonly facts: CoreFacts;
  readonly drawing: Drawing;
  readonly settings: () => GenerateSettings;
  readonly onFailure: (failure: ErrorBody) => void;
}

/** Pictures per length: the fewest that give a spread worth naming. */
const picturesPerLength = 4;
/** The same noise for every length, so that only the words differ. */
const firstSeed = 1;

/** Measures how well the picture comes back from its text of every length: one roundtrip job for all of them. */
export class LengthFidelity {
  readonly #jobs: FollowedJobs;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#jobs = new FollowedJobs({
      jobs: options.jobs,
      onEnded: () => void options.drawing.refresh(),
      onFailure: options.onFailure,
    });
  }

  /** The measurement of the picture on the canvas, while there is one. */
  get job(): Job | null {
    const { work } = this.#options;
    const mine = (job: Job): boolean => job.request.kind === 'roundtrip' && job.request.imageSha256 === work.picture?.sha256;
    return this.#jobs.all.find(mine) ?? null;
  }

  get busy(): boolean {
    return this.#jobs.starting || this.job !== null;
  }

  async measure(): Promise<void> {
    const { work, facts, settings } = this.#options;
    const { picture } = work;
    if (picture === null || facts.lengths.length === 0 || this.busy) return;
    const { steps, guidance, scheduler, negative, ...others } = settings();
    const request: JobRequest = {
      kind: 'roundtrip',
      imageSha256: picture.sha256,
      lengths: [...facts.lengths],
      settings: {
        count: picturesPerLength,
        seed: firstSeed,
        ...drawingOptionsOf(others),
        ...(steps === undefined ? {} : { steps }),
        ...(guidance === undefined ? {} : { guidance }),
        ...(scheduler === undefined ? {} : { scheduler }),
        ...(negative === undefined ? {} : { negative }),
      },
    };
    await this.#jobs.start(() => Promise.resolve(request));
  }

  /** Waits for a measurement; also used after a reload, for one that was already under way. Its pictures join the results. */
  follow(jobId: string): Promise<void> {
    return this.#jobs.follow(jobId);
  }

  cancel(): Promise<void> {
    return this.#jobs.cancel(this.job);
  }
}
