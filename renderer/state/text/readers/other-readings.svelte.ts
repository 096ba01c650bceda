import type { ErrorBody } from '../../../../contract/errors.ts';
import { measureSettingsSchema } from '../../../../contract/job.ts';
import type { Job } from '../../../../contract/job.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { GenerateSettings } from '../../../../contract/recipe.ts';
import { judgedBy } from '../../../../contract/texts/prompt.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import type { PictureRegion } from '../../../../contract/texts/reading.ts';
import { toErrorBody } from '../../../client/to-error-body.ts';
import { say } from '../../../language/say.ts';
import type { Drawing } from '../../canvas/drawing.svelte.ts';
import type { JobList } from '../../core/job-list.svelte.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import { drawingKey, runningText } from '../prompt-text.ts';
import type { PromptEditing } from '../prompt-editing.svelte.ts';
import { findJudge, isPartial } from '../../../../contract/texts/judge.ts';
import type { Judge } from '../../../../contract/texts/judge.ts';
import { joinTexts } from './join-texts.ts';
import type { ReaderOption } from './reader-options.ts';
import { ReaderComparison } from './reader-comparison.svelte.ts';
import { ReadingJobs } from './reading-jobs.svelte.ts';
import type { ReadWish } from './reading-jobs.svelte.ts';

interface Options {
  readonly client: StudioClient;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly jobs: JobList;
  readonly drawing: Drawing;
  /** The model that is used; null until it is known. */
  readonly packId: () => string | null;
  readonly settings: () => GenerateSettings;
}

/** One text of the open picture with what came of drawing it. */
export interface OtherReading {
  readonly id: string;
  /** The reader; null for the text that was open. */
  readonly reader: ReaderOption | null;
  /** The part that was read; null for all of the picture. */
  readonly region: PictureRegion | null;
  readonly document: PromptDocument;
  readonly text: string;
  /** The picture drawn from it; null where it was not drawn. */
  readonly drawn: string | null;
  /** By the judge, −1..1; null where it had a say in the text, or was not asked. */
  readonly similarity: number | null;
  /** Mean difference of pixels to the original, 0..1: nobody's guide. Null where it was not drawn. */
  readonly pixelError: number | null;
}

/** Texts by several readers side by side: each is read, drawn with the same noise, and compared with the original by one judge. */
export class OtherReadings {
  #entries: readonly OtherReading[] = $state.raw([]);
  #of: string | null = $state(null);
  #judge: Judge | null = $state.raw(null);
  /** Readings so far, for their ids. */
  #count = 0;
  #busy = $state(false);
  #error: ErrorBody | null = $state.raw(null);
  readonly #options: Options;
  /** All that can read, in one grid. */
  readonly comparison: ReaderComparison;
  readonly #jobs: ReadingJobs;

  constructor(options: Options) {
    this.#options = options;
    this.#jobs = new ReadingJobs(options.jobs, options.work);
    this.comparison = new ReaderComparison(options);
  }

  /** Of the open picture, in the order they were read, the text that was open first. */
  get entries(): readonly OtherReading[] {
    return this.#of !== null && this.#of === this.#options.work.picture?.sha256 ? this.#entries : [];
  }

  /** Who compared; null while nothing was. */
  get judge(): Judge | null {
    return this.#judge;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get job(): Job | null {
    return this.#jobs.job;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  dismissError(): void {
    this.#error = null;
  }

  forget(): void {
    this.#entries = [];
  }

  /** A search that is stopped gives the best text it has. */
  async cancel(): Promise<void> {
    await this.#jobs.cancel();
  }

  /** Reads the open picture, or a part of it, once more, and lays the text beside the open one. */
  read(wish: ReadWish): Promise<void> {
    return this.#run(async (imageSha256) => {
      if (wish.region === null) await this.#layOpenText(imageSha256);
      const { document, itemId } = await this.#jobs.read(imageSha256, wish);
      await this.#lay(imageSha256, wish.option, wish.region, document, wish.region === null ? itemId : null);
    });
  }

  /** Reads a part and everything around it, each alone, and lays them down as one text whose words know where they were read. */
  readApart(wish: ReadWish & { readonly region: PictureRegion }): Promise<void> {
    return this.#run(async (imageSha256) => {
      await this.#layOpenText(imageSha256);
      const subject = await this.#jobs.read(imageSha256, wish);
      const around = { ...wish, region: { ...wish.region, around: true as const } };
      const background = await this.#jobs.read(imageSha256, around);
      const document = joinTexts(subject.document, background.document);
      const { client } = this.#options;
      const { id } = await client.prompts.save({ document, parents: [subject.itemId, background.itemId], title: '' });
      await this.#lay(imageSha256, wish.option, wish.region, document, id);
    });
  }

  /** The text stands beside those of the picture and is the one on screen. One undo takes it back. */
  take({ document }: OtherReading): void {
    this.#options.work.takeText(document, say('history.step.takeReading'));
  }

  /** Its words behind those of the open text, each with its region. One undo takes them back. */
  async add({ document }: OtherReading): Promise<void> {
    const { editing, work } = this.#options;
    await editing.settle();
    const open = work.document;
    if (open === null) work.takeText(document, say('history.step.takeReading'));
    else work.revise(joinTexts(open, document), say('history.step.addReading'), null);
  }

  async #run(act: (imageSha256: string) => Promise<void>): Promise<void> {
    const { work, editing } = this.#options;
    if (this.#busy) return;
    this.#busy = true;
    this.#error = null;
    try {
      await editing.settle();
      const sha256 = work.picture?.sha256;
      if (sha256 === undefined) return;
      if (this.#of !== sha256) [this.#of, this.#entries] = [sha256, []];
      await act(sha256);
    } catch (failure) {
      this.#error = toErrorBody(failure);
    } finally {
      this.#busy = false;
      this.#jobs.leave();
    }
  }

  /** The open text is drawn and judged as the others are; once for each text. */
  async #layOpenText(imageSha256: string): Promise<void> {
    const { work, drawing } = this.#options;
    const { document } = work;
    if (document === null || document.slots.length === 0) return;
    const key = drawingKey(document.slots);
    if (this.#entries.some((one) => drawingKey(one.document.slots) === key)) return;
    await this.#lay(imageSha256, null, null, document, await drawing.keepText());
  }

  /** @param itemId the text in the library, for its picture; null: it is not drawn, because it speaks of a part alone */
  async #lay(
    imageSha256: string,
    reader: ReaderOption | null,
    region: PictureRegion | null,
    document: PromptDocument,
    itemId: string | null,
  ): Promise<void> {
    const text = runningText(document.slots);
    this.#count += 1;
    const entry = { id: String(this.#count), reader, region, document, text, drawn: null, similarity: null, pixelError: null };
    this.#entries = [...this.#entries, entry];
    if (itemId === null) return;
    const drawn = await this.#draw(document, itemId);
    const judged = { ...entry, drawn, ...(await this.#compare(imageSha256, drawn, document)) };
    this.#entries = this.#entries.map((one) => (one.id === entry.id ? judged : one));
    await this.#options.drawing.refresh();
  }

  async #draw(document: PromptDocument, itemId: string): Promise<string> {
    const { drawing, settings } = this.#options;
    const { seed, ...others } = measureSettingsSchema.parse({ ...settings(), count: 1 });
    // One noise for all, and no picture to start from, so that only the words differ.
    const chosen = { ...others, seed: drawing.results.selected?.recipe.seed ?? seed ?? 1 };
    const prompt = { type: 'document' as const, document };
    const originalSha256 = this.#options.work.picture?.sha256;
    const original = originalSha256 === undefined ? {} : { originalSha256 };
    const result = await this.#jobs.finish({ kind: 'generate', prompt, settings: chosen, ...original, parents: [itemId] });
    const item = result.kind === 'generate' ? result.items[0] : undefined;
    if (item?.kind !== 'generation') throw new Error('no picture of the text');
    return item.image.sha256;
  }

  async #compare(
    original: string,
    drawn: string,
    document: PromptDocument,
  ): Promise<Pick<OtherReading, 'document' | 'similarity' | 'pixelError'>> {
    const { client, packId } = this.#options;
    const used = packId();
    if (used === null) return { document, similarity: null, pixelError: null };
    const judge = await findJudge(client, used);
    this.#judge = judge;
    if (judge === null) return { document, similarity: null, pixelError: null };
    const { similarity, pixelError } = await client.evaluation.pictures({ packId: judge.packId, pairs: [{ original, drawn }] });
    if (await isPartial(client, judge, document)) return { document, similarity: null, pixelError };
    return { document: judgedBy(document, judge.packId), similarity, pixelError };
  }
}
