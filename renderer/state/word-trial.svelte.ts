import type { ErrorBody } from '../../contract/errors.ts';
import type { Job } from '../../contract/job.ts';
import type { StudioClient } from '../../contract/methods.ts';
import type { GenerateSettings } from '../../contract/recipe.ts';
import { toErrorBody } from '../client/to-error-body.ts';
import type { Drawing } from './drawing.svelte.ts';
import type { JobList } from './job-list.svelte.ts';
import type { Manuscript } from './manuscript.svelte.ts';
import type { PromptEditing } from './prompt-editing.svelte.ts';
import { drawingKey } from './prompt-text.ts';
import { recipeKey } from './result-list.svelte.ts';
import type { Generation } from './result-list.svelte.ts';

interface Options {
  readonly client: StudioClient;
  readonly manuscript: Manuscript;
  readonly editing: PromptEditing;
  readonly jobs: JobList;
  readonly drawing: Drawing;
  readonly settings: () => GenerateSettings;
}

/** What one alternative would do: the picture of the text with it, beside the picture of the text as it is. */
export interface Trial {
  readonly slotId: string;
  readonly tokenId: number;
  /** Drawn with the same seed and settings as `with`; null when the text as it is has no picture. */
  readonly now: Generation | null;
  readonly with: Generation;
}

/** Draws the open text with another token at one place, and changes nothing. */
export class WordTrial {
  #jobId: string | null = $state(null);
  #trial: Trial | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  #asked = $state.raw<{ readonly slotId: string; readonly tokenId: number } | null>(null);
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
    const { manuscript, drawing } = this.#options;
    const key = drawingKey(manuscript.document?.slots ?? []);
    const own = drawing.results.items.filter((item) => item.recipe.init === null && recipeKey(item.recipe) === key);
    return own.find((item) => item.id === drawing.results.selected?.id) ?? own[0] ?? null;
  }

  async try(slotId: string, tokenId: number): Promise<void> {
    await this.end();
    const mine = { slotId, tokenId };
    this.#asked = mine;
    try {
      const now = this.reference;
      const ended = await this.#draw(slotId, tokenId, now);
      if (this.#asked !== mine) return;
      if (ended?.state === 'failed') this.#error = ended.error;
      const [item] = ended?.result?.kind === 'generate' ? ended.result.items : [];
      if (item?.kind === 'generation') this.#trial = { ...mine, now, with: item };
      else if (this.#error === null) this.#asked = null;
    } catch (failure) {
      if (this.#asked === mine) this.#error = toErrorBody(failure);
    }
  }

  /** Puts the trial away, and stops one that is still being drawn. */
  async end(): Promise<void> {
    const jobId = this.#jobId;
    this.#asked = null;
    this.#trial = null;
    this.#error = null;
    this.#jobId = null;
    if (jobId !== null) await this.#options.jobs.cancel(jobId);
  }

  async #draw(slotId: string, tokenId: number, now: Generation | null): Promise<Job | null> {
    const { client, manuscript, jobs, drawing } = this.#options;
    const { document, picture, version } = manuscript;
    if (document === null) return null;
    const changed = await client.prompts.edit({ document, edit: { type: 'choose-alternative', slotId, tokenId } });
    const parent = version?.itemId ?? version?.parentId ?? picture?.itemId;
    const job = await jobs.submit({
      kind: 'generate',
      prompt: { type: 'document', document: changed },
      settings: now === null ? { ...withoutInit(this.#options.settings()), count: 1 } : settingsOf(now),
      ...(picture === null ? {} : { originalSha256: picture.sha256 }),
      parents: parent === undefined ? [] : [parent],
    });
    this.#jobId = job.id;
    const ended = await jobs.whenEnded(job.id);
    if (this.#jobId === job.id) this.#jobId = null;
    await drawing.refresh();
    return ended;
  }
}

function settingsOf({ recipe }: Generation): GenerateSettings {
  const { steps, guidance, seed, scheduler, negative, width, height } = recipe;
  return { steps, guidance, seed, scheduler, negative, width, height, count: 1 };
}

function withoutInit({ init: _, ...settings }: GenerateSettings): GenerateSettings {
  return settings;
}
