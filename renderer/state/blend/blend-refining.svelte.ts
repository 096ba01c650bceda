import type { ErrorBody } from '../../../contract/errors.ts';
import type { Job } from '../../../contract/job.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { usualRefineBudget } from '../../../contract/texts/refine-blend.ts';
import type { SearchLoss } from '../../../contract/texts/reader-choice.ts';
import { FollowedJobs } from '../core/followed-jobs.svelte.ts';
import { isEnded } from '../core/job-list.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import { blendKeys, objectOf } from './blend-state.ts';
import type { BlendKey } from './blend-state.ts';
import type { BlendTexts } from './blend-texts.svelte.ts';
import type { BlendWriting } from './blend-writing.svelte.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly texts: BlendTexts;
  readonly writing: BlendWriting;
  readonly jobs: JobList;
  readonly notices: Notices;
}

const isRead = ({ sources }: PromptDocument): boolean =>
  sources.some((source) => source.type === 'reading' && source.sha256 !== null && source.imageSha256 !== null);

/** The decoder tries other words for a blend’s scene; what it finds is laid beside the text and waits for a yes. */
export class BlendRefining {
  /** How much better the text that waits tells the scene’s picture. */
  #losses: Readonly<Record<BlendKey, SearchLoss | null>> = $state.raw({ aPlusB: null, bPlusA: null });
  readonly #jobs: FollowedJobs;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#jobs = new FollowedJobs({
      jobs: options.jobs,
      onEnded: (job) => void this.#take(job),
      onFailure: (failure: ErrorBody) => options.notices.fail(failure),
    });
  }

  get busy(): boolean {
    return this.#jobs.busy;
  }

  /** The job that refines one blend; null while there is none. */
  job(key: BlendKey): Job | null {
    return this.#jobs.all.find((job) => this.#keyOf(job) === key) ?? null;
  }

  /** What was found out about the text that waits; null where none was refined. */
  loss(key: BlendKey): SearchLoss | null {
    return this.#options.texts.proposed[key] === null ? null : this.#losses[key];
  }

  /** Why a blend cannot be refined now; null when it can. */
  whyNot(key: BlendKey): string | null {
    if (this.busy) return say('blend.refine.busy');
    const { blended, object, scene } = this.#textsOf(key);
    if (blended === null || object === null) return say('blend.none');
    return scene !== null && isRead(scene) ? null : say('blend.refine.notRead', { side: objectOf(key) === 'a' ? 'B' : 'A' });
  }

  run(key: BlendKey): Promise<void> {
    return this.#jobs.start(async () => {
      await this.#options.texts.settle();
      const { blended: document, object: objectDocument, scene: sceneDocument } = this.#textsOf(key);
      if (document === null || objectDocument === null || sceneDocument === null) return null;
      const seed = Math.floor(Math.random() * 2 ** 31);
      return { kind: 'refine-blend', document, objectDocument, sceneDocument, budget: usualRefineBudget, seed };
    });
  }

  async cancel(): Promise<void> {
    for (const job of this.#jobs.all) await this.#jobs.cancel(job);
  }

  /** After a reload: jobs of these texts that went on meanwhile. */
  load(): void {
    for (const job of this.#options.jobs.all) {
      if (!isEnded(job) && this.#keyOf(job) !== null) void this.#jobs.follow(job.id);
    }
  }

  #textsOf(key: BlendKey): Readonly<Record<'blended' | 'object' | 'scene', PromptDocument | null>> {
    const { texts } = this.#options;
    const object = objectOf(key);
    return {
      blended: texts.document(key),
      object: texts.document(object),
      scene: texts.document(object === 'a' ? 'b' : 'a'),
    };
  }

  /** The blend of two texts that are still there; null for any other job. */
  #keyOf({ request }: Job): BlendKey | null {
    if (request.kind !== 'refine-blend') return null;
    const found = blendKeys.find((key) => {
      const { object, scene } = this.#textsOf(key);
      return object?.id === request.objectDocument.id && scene?.id === request.sceneDocument.id;
    });
    return found ?? null;
  }

  async #take(job: Job | null): Promise<void> {
    const key = job === null ? null : this.#keyOf(job);
    if (job?.result?.kind !== 'refine-blend' || key === null) return;
    const { document, checks, loss, comparison } = job.result;
    const isSame = comparison.counts.inserted + comparison.counts.removed === 0;
    if (isSame || loss.after >= loss.before) {
      this.#options.notices.tell(say('blend.refine.none'));
      return;
    }
    await this.#options.writing.propose(key, document, checks);
    this.#losses = { ...this.#losses, [key]: loss };
  }
}
