import type { ErrorBody } from '../../../../contract/errors.ts';
import type { Job } from '../../../../contract/job.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { GenerateSettings } from '../../../../contract/recipe.ts';
import { cutText } from '../../../../contract/texts/cut-text.ts';
import { transferOrderSchema } from '../../../../contract/transfer.ts';
import type { TransferRow } from '../../../../contract/transfer.ts';
import { toErrorBody } from '../../../client/to-error-body.ts';
import { say } from '../../../language/say.ts';
import type { JobList } from '../../core/job-list.svelte.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import type { PromptEditing } from '../prompt-editing.svelte.ts';
import { findJudge, isPartial } from '../../../../contract/texts/judge.ts';
import { ReadingJobs } from './reading-jobs.svelte.ts';
import type { ReadWish } from './reading-jobs.svelte.ts';

interface Options {
  readonly client: StudioClient;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly jobs: JobList;
  /** The model that is used; null until it is known. */
  readonly packId: () => string | null;
  readonly settings: () => GenerateSettings;
}

/** A reader with its length, by the name its row of the grid has. */
export type NamedWish = Omit<ReadWish, 'region'> & { readonly name: string };

/**
 * Several readers of the open picture beside one another: each reads, and their texts become a grid, where all are drawn with the same seeds and
 * compared with the original by one judge. A grid is kept, goes on after a restart, and is saved as a picture, a page or a table.
 */
export class ReaderComparison {
  #busy = $state(false);
  #error: ErrorBody | null = $state.raw(null);
  #stop = new AbortController();
  readonly #reads: ReadingJobs;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#reads = new ReadingJobs(options.jobs, options.work);
  }

  get busy(): boolean {
    return this.#busy;
  }

  get job(): Job | null {
    return this.#reads.job;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  dismissError(): void {
    this.#error = null;
  }

  /** No grid is made. What was read by then stays in the library. */
  async cancel(): Promise<void> {
    this.#stop.abort();
    await this.#reads.cancel();
  }

  /**
   * Reads with one after the other and begins the grid. A reader that fails is told, and the others go on.
   *
   * @param seeds pictures of each text
   * @returns the grid's id; null where it was stopped or nobody could read
   */
  async compare(wishes: readonly NamedWish[], seeds: number): Promise<string | null> {
    const { client, work, editing, packId } = this.#options;
    if (this.#busy) return null;
    [this.#busy, this.#error, this.#stop] = [true, null, new AbortController()];
    const { signal } = this.#stop;
    try {
      await editing.settle();
      const [picture, used] = [work.picture, packId()];
      if (picture === null || used === null) return null;
      const judge = await findJudge(client, used);
      const rows: TransferRow[] = [];
      for (const { name, ...wish } of wishes) {
        const found = await this.#reads.read(picture.sha256, { ...wish, region: null }).catch((failure: unknown) => {
          if (!signal.aborted) this.#error = toErrorBody(failure);
          return null;
        });
        if (signal.aborted) return null;
        if (found === null || found.document.slots.length === 0) continue;
        const { document, itemId } = found;
        const isGuided = judge !== null && (await isPartial(client, judge, document));
        const prompt = { type: 'document' as const, document };
        rows.push({
          ...{ prompt, itemId, originalSha256: picture.sha256 },
          name: cutText(isGuided ? say('readers.compare.guided', { name }) : name, 200),
        });
      }
      if (rows.length === 0) return null;
      const order = transferOrderSchema.parse({
        name: cutText(say('readers.compare.grid', { title: picture.title }), 200),
        rows,
        tools: [{ type: 'pack', packId: used }],
        seeds,
        settings: this.#options.settings(),
        ...(judge === null ? {} : { scorerPackId: judge.packId }),
      });
      const { id } = await client.transfers.create(order);
      return id;
    } catch (failure) {
      this.#error = toErrorBody(failure);
      return null;
    } finally {
      this.#busy = false;
      this.#reads.leave();
    }
  }
}
