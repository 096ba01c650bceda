import type { ErrorBody } from '../../../contract/errors.ts';
import type { Job } from '../../../contract/job.ts';
import type { SimilarTo } from '../../../contract/library.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { GenerateSettings } from '../../../contract/recipe.ts';
import type { Generation } from '../canvas/result-list.svelte.ts';
import { FollowedJobs } from '../core/followed-jobs.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import { blendKeys, objectOf, sideKeys } from './blend-state.ts';
import type { BlendedVersion, BlendKey, SideKey } from './blend-state.ts';
import type { BlendTexts } from './blend-texts.svelte.ts';

interface Options {
  readonly client: StudioClient;
  readonly texts: BlendTexts;
  readonly jobs: JobList;
  /** What the artist set, for the pack here. */
  readonly settings: () => GenerateSettings;
  /** Who draws the Studio's next picture, the pack here where no tool does, and what the artist set for it. */
  readonly drawer: () => { readonly connectionId: string | null; readonly settings: GenerateSettings };
  readonly onFailure: (failure: ErrorBody) => void;
}

/** A picture drawn from a blend, and how alike it is to A and to B by the pack’s scorer, −1..1; null until it is known. */
export interface DrawnBlend {
  readonly item: Generation;
  readonly likeness: Readonly<Record<SideKey, number | null>>;
}

/** A blend begins at noise, whatever the Studio's next picture begins from, and is drawn once. */
function fromNoise(set: GenerateSettings): GenerateSettings {
  const settings: GenerateSettings = { seed: Math.floor(Math.random() * 2 ** 31), ...set, count: 1 };
  delete settings.init;
  return settings;
}

const mostText = 1_000;
/** The scorer looks at pictures while somebody keeps asking. */
const mostAsked = 60;

/** Draws both blends, with the pack on this machine or the tool that was chosen, and lays their pictures beside A and B. */
export class BlendDrawing {
  /** By the library item of the text. */
  #drawn: Readonly<Record<string, DrawnBlend>> = $state.raw({});
  /** The newest picture between both texts, with the share of B. */
  #between: (DrawnBlend & { readonly share: number }) | null = $state.raw(null);
  readonly #jobs: FollowedJobs;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
    const onEnded = (job: Job | null): void => this.#take(job);
    this.#jobs = new FollowedJobs({ jobs: options.jobs, onEnded, onFailure: options.onFailure });
  }

  get busy(): boolean {
    return this.#jobs.busy;
  }

  /** The drawing of one blend that runs or waits; null when there is none. */
  job(key: BlendKey): Job | null {
    const itemId = this.#options.texts.state[key]?.itemId ?? null;
    return this.#jobs.all.find(({ request }) => request.kind === 'generate' && request.parents[0] === itemId) ?? null;
  }

  /** The newest picture of the blend as it is now; null where it was not drawn. */
  drawn(key: BlendKey): DrawnBlend | null {
    return this.drawnOf(this.#options.texts.state[key]);
  }

  /** The same of a text that stands beside the blend. */
  drawnOf(version: BlendedVersion | null): DrawnBlend | null {
    return version?.itemId == null ? null : (this.#drawn[version.itemId] ?? null);
  }

  /** The library items of the texts on screen. */
  get #shownIds(): readonly string[] {
    const { texts } = this.#options;
    const versions = blendKeys.flatMap((key) => [texts.state[key], texts.writtenBefore(key)]);
    return versions.flatMap((version) => version?.itemId ?? []);
  }

  /** What was drawn last between the texts of A and B; null where nothing was. */
  get between(): (DrawnBlend & { readonly share: number }) | null {
    return this.#between;
  }

  /** Draws what lies between the texts of A and B for the decoder: what both tell it, mixed number by number. */
  async drawBetween(share: number): Promise<void> {
    const { texts } = this.#options;
    const settings = fromNoise(this.#options.settings());
    await this.#jobs.start(async () => {
      await texts.settle();
      const [a, b] = [texts.document('a'), texts.document('b')];
      if (a === null || b === null) return null;
      const mixWith = { prompt: { type: 'document' as const, document: b }, share };
      const parents = sideKeys.flatMap((side) => texts.side(side)?.itemId ?? []);
      return { kind: 'generate', prompt: { type: 'document', document: a }, mixWith, settings, parents };
    });
  }

  /** Keeps a blend in the library, made from both its sources. */
  async keep(key: BlendKey): Promise<string | null> {
    const { client, texts } = this.#options;
    await texts.settle();
    const { [key]: blended, a, b } = texts.state;
    if (blended === null) return null;
    if (blended.itemId !== null) return blended.itemId;
    const sides = objectOf(key) === 'a' ? [a, b] : [b, a];
    const parents = sides.flatMap((side) => side?.itemId ?? []);
    const title = sides
      .map((side) => side?.title ?? '')
      .filter((one) => one !== '')
      .join(' + ')
      .slice(0, 200);
    const item = await client.prompts.save({ document: blended.document, parents, title });
    texts.amend(key, blended.document, { itemId: item.id });
    return item.id;
  }

  /** Both, or one of them, with what the artist set in the Studio, one picture each and the same noise for both. */
  async draw(keys: readonly BlendKey[] = blendKeys): Promise<void> {
    const drawer = this.#options.drawer();
    const settings = fromNoise(drawer.settings);
    const by = drawer.connectionId === null ? {} : { connectionId: drawer.connectionId };
    for (const key of keys) {
      await this.#jobs.start(async () => {
        const itemId = await this.keep(key);
        const document = this.#options.texts.state[key]?.document;
        if (itemId === null || document === undefined) return null;
        return { kind: 'generate', ...by, prompt: { type: 'document', document }, settings, parents: [itemId] };
      });
    }
  }

  async cancel(): Promise<void> {
    for (const job of this.#jobs.all) await this.#jobs.cancel(job);
  }

  #take(job: Job | null): void {
    if (job?.result?.kind !== 'generate') return;
    for (const item of job.result.items) if (item.kind === 'generation') this.#show(item);
  }

  #show(item: Generation): void {
    const mixed = item.recipe.kind === 'local' ? item.recipe.mixed : undefined;
    if (mixed !== undefined) {
      this.#between = { item, share: mixed.share, likeness: { a: null, b: null } };
      void this.#scoreBetween(item);
      return;
    }
    const textId = this.#shownIds.find((id) => item.parents.includes(id));
    if (textId === undefined) return;
    this.#drawn = { ...this.#drawn, [textId]: { item, likeness: { a: null, b: null } } };
    void this.#score(textId, item);
  }

  /** Brings back what was drawn of the blends, also after a reload. */
  async load(): Promise<void> {
    for (const itemId of this.#shownIds) {
      if (this.#drawn[itemId] !== undefined) continue;
      const { descendants } = await this.#options.client.library.lineage({ itemId });
      const newest = descendants.findLast((one): one is Generation => one.kind === 'generation' && !one.trashed);
      if (newest !== undefined) this.#show(newest);
    }
  }

  /** A picture that cannot be compared is shown without a number: what hinders is told where packs are. */
  async #score(textId: string, item: Generation): Promise<void> {
    const likeness: Record<SideKey, number | null> = { a: null, b: null };
    for (const side of sideKeys) {
      likeness[side] = await this.#compare(side, item).catch(() => null);
      if (this.#drawn[textId]?.item.id !== item.id) return;
      this.#drawn = { ...this.#drawn, [textId]: { item, likeness: { ...likeness } } };
    }
  }

  async #scoreBetween(item: Generation): Promise<void> {
    for (const side of sideKeys) {
      const score = await this.#compare(side, item).catch(() => null);
      if (this.#between?.item.id !== item.id) return;
      this.#between = { ...this.#between, likeness: { ...this.#between.likeness, [side]: score } };
    }
  }

  async #compare(side: SideKey, { id, createdMs }: Generation): Promise<number | null> {
    const { client, texts } = this.#options;
    const image = texts.side(side)?.image ?? null;
    const text = texts.text(side).trim().slice(0, mostText);
    if (image === null && text === '') return null;
    const like: SimilarTo = image === null ? { type: 'text', text } : { type: 'image', sha256: image.sha256 };
    // Of all the library only what was drawn in that moment is meant.
    const moment = { kinds: ['generation' as const], createdFromMs: createdMs, createdBeforeMs: createdMs + 1 };
    for (let asked = 0; asked < mostAsked; asked += 1) {
      const { rows, seen, total } = await client.library.similar({ like, ...moment, limit: 20 });
      const own = rows.find((row) => row.id === id);
      if (own !== undefined) return own.score;
      if (seen >= total) return null;
    }
    return null;
  }
}
