import { StudioError } from '../../../../contract/errors.ts';
import type { Job, JobRequest, JobResult } from '../../../../contract/job.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { readerChoiceSchema } from '../../../../contract/texts/reader-choice.ts';
import type { PictureRegion } from '../../../../contract/texts/reading.ts';
import { say } from '../../../language/say.ts';
import type { JobList } from '../../core/job-list.svelte.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import type { ReaderOption } from './reader-options.ts';

/** What one text is read with. */
export interface ReadWish {
  readonly option: ReaderOption;
  readonly length: number;
  /** The part that is read; null for all of the picture. */
  readonly region: PictureRegion | null;
}

/** Jobs that read the open picture and draw what was read, one at a time, so that the one that runs can be watched and stopped. */
export class ReadingJobs {
  #jobId: string | null = $state(null);
  readonly #jobs: JobList;
  readonly #work: OpenWork;

  constructor(jobs: JobList, work: OpenWork) {
    this.#jobs = jobs;
    this.#work = work;
  }

  /** The one that runs, or that ran last before `leave`. */
  get job(): Job | null {
    return this.#jobs.get(this.#jobId);
  }

  /** A search that is stopped gives the best text it has. */
  async cancel(): Promise<void> {
    if (this.#jobId !== null) await this.#jobs.cancel(this.#jobId);
  }

  leave(): void {
    this.#jobId = null;
  }

  /** Submits a job and waits for it. Throws StudioError for one that failed, and for one that ended without a result. */
  async finish(request: JobRequest): Promise<JobResult> {
    const { id } = await this.#jobs.submit(request);
    this.#jobId = id;
    const ended = await this.#jobs.whenEnded(id);
    if (ended?.error) throw StudioError.fromBody(ended.error);
    if (!ended?.result) throw new StudioError('bad-request', say('readers.stopped'), say('readers.stopped.hint'));
    return ended.result;
  }

  /** Reads a picture once, and gives its text with its item of the library. */
  async read(
    imageSha256: string,
    { option, length, region }: ReadWish,
  ): Promise<{ readonly document: PromptDocument; readonly itemId: string }> {
    const part = region === null ? {} : { region };
    const open = this.#work.document;
    // A text that is refined keeps all its words at first.
    const lengths = [option.refines ? Math.max(length, visibleTokens(open)) : length];
    const isBegun = option.refines && open !== null;
    const reader = isBegun ? readerChoiceSchema.parse({ ...option.choice, document: open }) : option.choice;
    const request = { kind: 'encode' as const, imageSha256s: [imageSha256], lengths, reader, ...part };
    const result = await this.finish(request);
    const image = result.kind === 'encode' ? result.images[0] : undefined;
    if (image?.error) throw StudioError.fromBody(image.error);
    const [found] = image?.documents ?? [];
    if (found === undefined) throw new Error('no text for the picture');
    return found;
  }
}

function visibleTokens(document: PromptDocument | null): number {
  return document?.slots.filter(({ muted }) => muted !== true).length ?? 0;
}
