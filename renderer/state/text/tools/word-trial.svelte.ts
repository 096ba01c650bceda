import { StudioError } from '../../../../contract/errors.ts';
import type { ErrorBody } from '../../../../contract/errors.ts';
import type { Job } from '../../../../contract/job.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { drawingOptionsOf } from '../../../../contract/recipe.ts';
import type { GenerateSettings } from '../../../../contract/recipe.ts';
import { toErrorBody } from '../../../client/to-error-body.ts';
import type { Drawing } from '../../canvas/drawing.svelte.ts';
import type { JobList } from '../../core/job-list.svelte.ts';
import { NewestQuestion } from '../../core/newest-question.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import { drawingKey } from '../prompt-text.ts';
import { recipeKey } from '../../canvas/result-list.svelte.ts';
import type { Generation } from '../../canvas/result-list.svelte.ts';

interface Options {
  readonly client: StudioClient;
  readonly work: OpenWork;
  readonly jobs: JobList;
  readonly drawing: Drawing;
  readonly settings: () => GenerateSettings;
}

/** What one alternative would do: the picture of the text with it, beside the picture of the text as it is. */
export interface Trial {
  readonly slotId: string;
  readonly tokenId: number;
  /** Drawn with the same seed and settings as `with`. */
  readonly now: Generation;
  readonly with: Generation;
}

/** Draws the open text with another token at one place, and changes nothing. */
export class WordTrial {
  #jobId: string | null = $state(null);
  #trial: Trial | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  #asked = $state.raw<{ readonly slotId: string; readonly tokenId: number } | null>(null);
  readonly #trials = new NewestQuestion();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  get job(): Job | null {
    return this.#options.jobs.get(this.#jobId);
  }

  /** What is being drawn, or was asked for last. */
  get asked(): { readonly slotId: string; readonly tokenId: number } | null {
    return this.#asked;
  }

  get busy(): boolean {
    return this.#asked !== null && this.#trial === null && this.#error === null;
  }

  get trial(): Trial | null {
    return this.#trial;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  /** The picture of the text as it is that a trial is compared with: the one on screen where it is of this text, or the newest. */
  get reference(): Generation | null {
    const { work, drawing } = this.#options;
    const key = drawingKey(work.document?.slots ?? []);
    const own = drawing.results.items.filter((item) => item.recipe.init === null && recipeKey(item.recipe) === key);
    return own.find((item) => item.id === drawing.results.selected?.id) ?? own[0] ?? null;
  }

  async try(slotId: string, tokenId: number): Promise<void> {
    await this.end();
    const isNewest = this.#trials.ask();
    this.#asked = { slotId, tokenId };
    try {
      const { document } = this.#options.work;
      if (document === null) return;
      const now = this.reference ?? (await this.#draw(document, await this.#options.drawing.keepText(), this.#settings(null)));
      if (!isNewest()) return;
      if (now === null) {
        this.#asked = null;
        return;
      }
      const edit = { type: 'choose-alternative', slotId, tokenId } as const;
      const changed = await this.#options.client.prompts.edit({ document, edit });
      if (!isNewest()) return;
      const drawn = await this.#draw(changed, await this.keep(changed), this.#settings(now));
      if (!isNewest()) return;
      if (drawn === null) this.#asked = null;
      else this.#trial = { slotId, tokenId, now, with: drawn };
    } catch (failure) {
      if (isNewest()) this.#error = toErrorBody(failure);
    }
  }

  /** Puts the trial away, and stops one that is still being drawn. */
  async end(): Promise<void> {
    const jobId = this.#jobId;
    this.#trials.ask();
    this.#asked = null;
    this.#trial = null;
    this.#error = null;
    this.#jobId = null;
    if (jobId !== null) await this.#options.jobs.cancel(jobId);
  }

  /** The settings of a picture that was drawn, or for the first one those of the panel with a seed to hold on to. */
  #settings(drawn: Generation | null): GenerateSettings {
    if (drawn?.recipe.kind === 'local') {
      const { steps, guidance, seed, scheduler, negative, width, height } = drawn.recipe;
      return { steps, guidance, seed, scheduler, negative, width, height, ...drawingOptionsOf(drawn.recipe), count: 1 };
    }
    const settings: GenerateSettings = { ...this.#options.settings(), count: 1 };
    // An initial picture would hide what the word does.
    delete settings.init;
    settings.seed ??= this.#options.drawing.results.selected?.recipe.seed ?? 1;
    return settings;
  }

  /** The text that is tried, as an item of its own beside the open one: its picture was drawn from it. */
  async keep(document: PromptDocument): Promise<string> {
    const { client, work } = this.#options;
    const parent = work.version?.itemId ?? work.version?.parentId ?? work.picture?.itemId;
    const parents = parent === undefined ? [] : [parent];
    return (await client.prompts.save({ document, parents, title: '' })).id;
  }

  /** The picture drawn, or null when it was cancelled meanwhile. */
  async #draw(document: PromptDocument, textId: string | null, settings: GenerateSettings): Promise<Generation | null> {
    const { work, jobs, drawing } = this.#options;
    const { picture } = work;
    const job = await jobs.submit({
      kind: 'generate',
      prompt: { type: 'document', document },
      settings,
      ...(picture === null ? {} : { originalSha256: picture.sha256 }),
      parents: textId === null ? [] : [textId],
    });
    this.#jobId = job.id;
    const ended = await jobs.whenEnded(job.id);
    if (this.#jobId === job.id) this.#jobId = null;
    await drawing.refresh();
    if (ended?.error != null) throw StudioError.fromBody(ended.error);
    const [item] = ended?.result?.kind === 'generate' ? ended.result.items : [];
    return item?.kind === 'generation' ? item : null;
  }
}
