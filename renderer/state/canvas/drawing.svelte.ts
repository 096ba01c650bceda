import type { ErrorBody } from '../../../contract/errors.ts';
import type { Job, JobRequest } from '../../../contract/job.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { PictureRegion } from '../../../contract/texts/reading.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { FollowedJobs } from '../core/followed-jobs.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import type { OpenWork } from '../text/open-work.svelte.ts';
import type { PromptEditing } from '../text/prompt-editing.svelte.ts';
import { drawingKey, runningText } from '../text/prompt-text.ts';
import { ResultList, recipeKey } from './result-list.svelte.ts';
import type { Generation } from './result-list.svelte.ts';
import { stripGroups } from './strip-groups.ts';
import type { StripGroup } from './strip-groups.ts';
import { TextVersionList } from '../text/text-version-list.svelte.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly client: StudioClient;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly jobs: JobList;
  readonly settings: () => GenerateSettings;
  /** Adds what the core has to be given first: the mask. */
  readonly complete: (settings: GenerateSettings) => Promise<GenerateSettings>;
  /** The tool that draws; null for the pack here. */
  readonly connectionId: () => string | null;
}

/** From the text to pictures: saves the text, submits the job, takes the results. */
export class Drawing {
  readonly results = new ResultList();
  readonly versions = new TextVersionList();
  #error: ErrorBody | null = $state.raw(null);
  /** False once a person looks at an older result while a new one is drawn. */
  #watched = $state(true);
  readonly #otherText = $derived.by(() => {
    const { document } = this.#options.work;
    const { selected, compared } = this.results;
    if (selected === null || document === null || compared !== null) return null;
    const { recipe } = selected;
    // A tool was sent the text, a pack the tokens.
    const isOpen =
      recipe.kind === 'tool'
        ? recipe.text === runningText(document.slots.filter(({ muted }) => muted !== true))
        : recipeKey(recipe) === drawingKey(document.slots);
    return isOpen ? null : recipe.text;
  });
  readonly #groups = $derived.by(() => stripGroups(this.results.items, this.versions.items));
  #loadedRoot: string | null = null;
  readonly #jobs: FollowedJobs;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#jobs = new FollowedJobs({
      jobs: options.jobs,
      onEnded: (ended) => this.#take(ended),
      onFailure: (failure) => (this.#error = failure),
    });
  }

  /** The drawing that runs, or the one that waits first; null when there is none. */
  get job(): Job | null {
    return this.#jobs.first;
  }

  get busy(): boolean {
    return this.#jobs.busy;
  }

  /** True while the canvas shows what is being drawn. */
  get shown(): boolean {
    return this.busy && this.#watched;
  }

  /** Shows what is being drawn, or a result while the drawing goes on. */
  watch(watched: boolean): void {
    this.#watched = watched;
  }

  /** Shows a result on the canvas. */
  show(id: string): void {
    this.results.select(id);
    this.#watched = false;
  }

  /** The strip: texts with their pictures, newest first. */
  get groups(): readonly StripGroup[] {
    return this.#groups;
  }

  /** Along the strip: +1 is the next newer picture, to the left; -1 the next older one. */
  step(by: 1 | -1): void {
    const order = this.groups.flatMap((group) => group.results);
    const next = order[order.findIndex((item) => item.id === this.results.selected?.id) - by];
    if (next !== undefined) this.results.select(next.id);
    this.#watched = false;
  }

  /** The text that the picture on the canvas was drawn from, where that is not the open one; null where it is, or while two are compared. */
  get otherText(): string | null {
    return this.#otherText;
  }

  get waiting(): number {
    return Math.max(0, this.#jobs.count - 1);
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  dismissError(): void {
    this.#error = null;
  }

  generate(): Promise<void> {
    return this.#start(this.#options.settings());
  }

  /** Draws the open text as the picture on the canvas was drawn, from its seed where that is known: what differs is the words' doing. */
  redraw(): Promise<void> {
    const seed = this.results.selected?.recipe.seed ?? null;
    return this.#start({ ...this.#options.settings(), ...(seed === null ? {} : { seed, count: 1 }) });
  }

  /**
   * Draws the open text once into a part of a picture, whatever else the next drawing is to begin with.
   *
   * @throws StudioError with the core's reason when the part is not inside the picture
   */
  async drawInto(
    picture: { readonly sha256: string; readonly itemId: string },
    region: PictureRegion,
    strength: number,
  ): Promise<void> {
    const { client, settings } = this.#options;
    const mask = await client.images.maskOfRegion({ itemId: picture.itemId, region });
    if (mask.kind === 'prompt') throw new Error('the mask came back as a text');
    await this.#start({ ...settings(), init: { imageSha256: picture.sha256, strength, maskSha256: mask.image.sha256 } });
  }

  async #start(settings: GenerateSettings): Promise<void> {
    this.#error = null;
    this.#watched = true;
    this.results.layOut([]);
    await this.#jobs.start(() => this.#compose(settings));
  }

  async #compose(settings: GenerateSettings): Promise<JobRequest | null> {
    const { editing, work } = this.#options;
    await editing.settle();
    const { document, picture } = work;
    if (document === null) {
      this.#error = promptMissing();
      return null;
    }
    const promptItemId = await this.keepText();
    const connectionId = this.#options.connectionId();
    return {
      kind: 'generate',
      ...(connectionId === null ? {} : { connectionId }),
      prompt: { type: 'document', document },
      settings: await this.#options.complete(settings),
      ...(picture === null ? {} : { originalSha256: picture.sha256 }),
      parents: promptItemId === null ? [] : [promptItemId],
    };
  }

  /**
   * An edited text is kept in the library before it is drawn, so that the picture knows what it came from.
   * @returns the item of the open text; null where there is none
   */
  async keepText(): Promise<string | null> {
    const { client, work } = this.#options;
    const { version, picture } = work;
    if (version === null) return null;
    if (version.itemId !== null) return version.itemId;
    const parent = version.parentId ?? picture?.itemId;
    const parents = parent === undefined ? [] : [parent];
    const item = await client.prompts.save({ document: version.document, parents, title: '' });
    work.saved(version.document, item.id);
    return item.id;
  }

  /** Waits for a drawing and takes its pictures; also used after a reload, for one that was already under way. */
  follow(jobId: string): Promise<void> {
    return this.#jobs.follow(jobId);
  }

  #take(ended: Job | null): void {
    if (ended?.result?.kind !== 'generate') return;
    const sha256 = ended.request.kind === 'generate' ? ended.request.originalSha256 : undefined;
    if (sha256 !== this.#options.work.picture?.sha256) return;
    const drawn = ended.result.items.filter((item): item is Generation => item.kind === 'generation');
    this.results.add(drawn, this.#watched);
    if (this.#watched && drawn.length > 1) this.results.layOut(drawn.map(({ id }) => id));
  }

  cancel(): Promise<void> {
    return this.#jobs.cancel(this.job);
  }

  /** Brings back what was drawn from the picture (or the text without a picture) on the canvas. */
  async loadResults(): Promise<void> {
    const root = this.#root();
    if (root === this.#loadedRoot) return;
    // A text that has just been saved for the first time keeps the pictures on screen.
    if (this.#options.work.picture === null && this.#loadedRoot === null && this.results.items.length > 0) return;
    this.#loadedRoot = root;
    this.results.replace([]);
    this.versions.replace([]);
    await this.refresh();
  }

  /** Asks again what the library holds of this picture: its texts and its results. What is looked at stays. */
  async refresh(): Promise<void> {
    const root = this.#loadedRoot;
    if (root === null) return;
    try {
      const lineage = await this.#options.client.library.lineage({ itemId: root });
      if (this.#loadedRoot !== root) return;
      const kept = lineage.descendants.filter((item) => !item.trashed);
      const held = new Set(lineage.descendants.map((item) => item.id));
      // A result that came while this was asked is not in the answer yet.
      const newer = this.results.items.filter((item) => !held.has(item.id));
      this.results.replace([...newer, ...kept.filter((item): item is Generation => item.kind === 'generation')]);
      const own = lineage.item.kind === 'prompt' ? [lineage.item] : [];
      this.versions.replace([...own, ...kept.filter((item) => item.kind === 'prompt')]);
    } catch (failure) {
      const body = toErrorBody(failure);
      if (body.code !== 'not-found') this.#error = body;
    }
  }

  #root(): string | null {
    const { picture, version } = this.#options.work;
    return picture?.itemId ?? version?.itemId ?? version?.parentId ?? null;
  }
}

function promptMissing(): ErrorBody {
  return { code: 'prompt-empty', message: say('canvas.noTextToDraw'), hint: say('canvas.noTextToDraw.hint'), details: {} };
}
