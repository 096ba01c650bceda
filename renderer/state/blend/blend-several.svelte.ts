import type { Job } from '../../../contract/job.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { BlendSource, Several } from '../../../contract/texts/blend.ts';
import type { Generation } from '../canvas/result-list.svelte.ts';
import { FollowedJobs } from '../core/followed-jobs.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import type { ManySource } from './blend-state.ts';

interface Options {
  readonly client: StudioClient;
  readonly jobs: JobList;
  readonly settings: () => GenerateSettings;
  readonly notices: Notices;
}

export const fewestOfSeveral = 3;
export const mostOfSeveral = 6;

export interface SeveralBlend {
  readonly blend: Several['blends'][number];
  /** The library item that holds its text; null until it is kept. */
  readonly itemId: string | null;
  readonly picture: Generation | null;
}

/** Three to six pictures or texts become as many blends, one that begins with each. */
export class BlendSeveral {
  #sources: readonly ManySource[] = [];
  #blends: readonly SeveralBlend[] | null = $state.raw(null);
  #writing = $state(false);
  readonly #runs = new NewestQuestion();
  readonly #jobs: FollowedJobs;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    this.#jobs = new FollowedJobs({
      jobs: options.jobs,
      onEnded: (job) => this.#take(job),
      onFailure: (failure) => options.notices.fail(failure),
    });
  }

  /** Null until they were written. */
  get blends(): readonly SeveralBlend[] | null {
    return this.#blends;
  }

  /** True while pictures are read and texts written. */
  get writing(): boolean {
    return this.#writing;
  }

  get drawing(): boolean {
    return this.#jobs.busy;
  }

  /** Other sources: what stands there is of these no more. */
  forget(): void {
    this.#runs.ask();
    this.#blends = null;
    this.#writing = false;
  }

  /** Reads the pictures at so many tokens and blends. Throws as the core does. */
  async run(sources: readonly ManySource[], length: number): Promise<void> {
    this.forget();
    const isNewest = this.#runs.last();
    this.#sources = sources;
    this.#writing = true;
    try {
      const said = await this.#read(sources, length);
      const { blends } = await this.#options.client.language.blendSeveral({ sources: said });
      if (isNewest()) this.#blends = blends.map((blend) => ({ blend, itemId: null, picture: null }));
    } finally {
      if (isNewest()) this.#writing = false;
    }
  }

  async draw(): Promise<void> {
    const settings: GenerateSettings = { seed: Math.floor(Math.random() * 2 ** 31), ...this.#options.settings(), count: 1 };
    delete settings.init;
    for (const { blend } of this.#blends ?? []) {
      await this.#jobs.start(async () => {
        const itemId = await this.keep(blend);
        return { kind: 'generate', prompt: { type: 'document', document: blend.document }, settings, parents: [itemId] };
      });
    }
  }

  async cancel(): Promise<void> {
    for (const job of this.#jobs.all) await this.#jobs.cancel(job);
  }

  /** Keeps a blend in the library, made from what it takes words from. @returns its item */
  async keep(blend: SeveralBlend['blend']): Promise<string> {
    const kept = this.#blends?.find((one) => one.blend === blend)?.itemId;
    if (kept != null) return kept;
    const places = [...new Set([...blend.objects, blend.scene, blend.look])];
    const parts = places.flatMap((place) => this.#sources[place] ?? []);
    const title = parts
      .map((part) => part.title)
      .join(' + ')
      .slice(0, 200);
    const { client } = this.#options;
    const { id } = await client.prompts.save({ document: blend.document, parents: parts.map(({ itemId }) => itemId), title });
    this.#change((one) => (one.blend === blend ? { ...one, itemId: id } : one));
    return id;
  }

  #change(change: (one: SeveralBlend) => SeveralBlend): void {
    this.#blends = this.#blends?.map(change) ?? null;
  }

  #take(job: Job | null): void {
    const [item] = job?.result?.kind === 'generate' ? job.result.items : [];
    if (item?.kind !== 'generation') return;
    this.#change((one) => (one.itemId !== null && item.parents.includes(one.itemId) ? { ...one, picture: item } : one));
  }

  async #read(sources: readonly ManySource[], length: number): Promise<BlendSource[]> {
    const imageSha256s = sources.flatMap(({ sha256 }) => sha256 ?? []);
    const { jobs } = this.#options;
    const job = imageSha256s.length === 0 ? null : await jobs.submit({ kind: 'encode', imageSha256s, lengths: [length] });
    const ended = job === null ? null : await jobs.whenEnded(job.id);
    if (ended?.error != null) throw StudioError.fromBody(ended.error);
    const images = ended?.result?.kind === 'encode' ? ended.result.images : [];
    return sources.map(({ itemId, sha256 }) => {
      const image = sha256 === null ? undefined : images.find(({ imageSha256 }) => imageSha256 === sha256);
      if (image?.error != null) throw StudioError.fromBody(image.error);
      const [read] = image?.documents ?? [];
      return read === undefined ? { type: 'item', itemId } : { type: 'document', document: read.document };
    });
  }
}
