import type { ErrorBody } from '../../../contract/errors.ts';
import type { Job } from '../../../contract/job.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { Drawing } from '../canvas/drawing.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import type { Manuscript } from './manuscript.svelte.ts';
import type { StudioFacts } from '../core/studio-facts.svelte.ts';

interface Options {
  readonly manuscript: Manuscript;
  readonly jobs: JobList;
  readonly facts: StudioFacts;
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
  #jobIds: readonly string[] = $state.raw([]);
  #starting = $state(false);
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The measurement of the picture on the canvas, while there is one. */
  get job(): Job | null {
    const { jobs, manuscript } = this.#options;
    const mine = (job: Job | null): boolean =>
      job?.request.kind === 'roundtrip' && job.request.imageSha256 === manuscript.picture?.sha256;
    return this.#jobIds.map((id) => jobs.get(id)).find(mine) ?? null;
  }

  get busy(): boolean {
    return this.#starting || this.job !== null;
  }

  async measure(): Promise<void> {
    const { manuscript, jobs, facts, settings } = this.#options;
    const { picture } = manuscript;
    if (picture === null || facts.lengths.length === 0 || this.busy) return;
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
      this.#options.onFailure(toErrorBody(failure));
    } finally {
      this.#starting = false;
    }
  }

  /** Waits for a measurement; also used after a reload, for one that was already under way. Its pictures join the results. */
  async follow(jobId: string): Promise<void> {
    if (this.#jobIds.includes(jobId)) return;
    this.#jobIds = [...this.#jobIds, jobId];
    const ended = await this.#options.jobs.whenEnded(jobId);
    this.#jobIds = this.#jobIds.filter((id) => id !== jobId);
    if (ended?.state === 'failed' && ended.error !== null) this.#options.onFailure(ended.error);
    await this.#options.drawing.refresh();
  }

  async cancel(): Promise<void> {
    const { job } = this;
    if (job === null) return;
    try {
      await this.#options.jobs.cancel(job.id);
    } catch (failure) {
      this.#options.onFailure(toErrorBody(failure));
    }
  }
}
