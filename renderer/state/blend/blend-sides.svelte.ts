import { cutAtWord } from '../../../contract/texts/cut-text.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import type { Job } from '../../../contract/job.ts';
import type { LibraryItem, LibraryRow } from '../../../contract/library.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { Transport } from '../../client/transport.ts';
import type { CoreFacts } from '../core/core-facts.svelte.ts';
import { FollowedJobs } from '../core/followed-jobs.svelte.ts';
import type { JobList } from '../core/job-list.svelte.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import type { OpenWork } from '../text/open-work.svelte.ts';
import type { PromptEditing } from '../text/prompt-editing.svelte.ts';
import { runningText } from '../text/prompt-text.ts';
import { handKey } from '../text/snapshot.ts';
import { ownKey, sideKeys } from './blend-state.ts';
import type { BlendSide, BlendText, SideKey } from './blend-state.ts';
import { asTyped } from './blend-texts.svelte.ts';
import type { BlendTexts } from './blend-texts.svelte.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly transport: Transport;
  readonly texts: BlendTexts;
  readonly jobs: JobList;
  readonly facts: CoreFacts;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
}

/** How a side fares: its picture is on its way or read, or why that went wrong. What stood there before stays until then. */
export interface SideStage {
  readonly busy: boolean;
  readonly error: ErrorBody | null;
}
const idle: SideStage = { busy: false, error: null };

const isTextFile = ({ name, type }: File): boolean =>
  /\.(txt|md|json)$/i.test(name) || (!type.startsWith('image/') && /^(text\/|application\/json)/.test(type));
const titleOf = ({ name }: File): string => name.replace(/\.[^.]+$/, '') || say('intake.pasted');
const mostTextBytes = 2_000_000;

/** The way of a picture or a text to a side of the blend: a file, an item of the library, a sample, the open work. */
export class BlendSides {
  #stages: Readonly<Record<SideKey, SideStage>> = $state.raw({ a: idle, b: idle });
  readonly #fills: Readonly<Record<SideKey, NewestQuestion>> = { a: new NewestQuestion(), b: new NewestQuestion() };
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  stage(key: SideKey): SideStage {
    return this.#stages[key];
  }

  dismissError(key: SideKey): void {
    this.#stages = { ...this.#stages, [key]: idle };
  }

  /** The side that something without a place of its own goes to: the first empty one, else B. */
  get next(): SideKey {
    return sideKeys.find((key) => this.#options.texts.text(key) === '' && this.#options.texts.side(key) === null) ?? 'b';
  }

  /** One file for this side; a second one goes to the other. */
  async takeFiles(key: SideKey, files: readonly File[]): Promise<void> {
    const [first, second] = files;
    await Promise.all([
      first === undefined ? Promise.resolve() : this.#fill(key, () => this.#fromFile(first)),
      second === undefined ? Promise.resolve() : this.#fill(key === 'a' ? 'b' : 'a', () => this.#fromFile(second)),
    ]);
  }

  takeText(key: SideKey, text: string): Promise<void> {
    return this.#fill(key, async () => ofText(await this.#options.transport.client.prompts.create({ text }), text));
  }

  takeSample(key: SideKey, packId: string, file: string): Promise<void> {
    const { client } = this.#options.transport;
    return this.#fill(key, async () => this.#fromItem(await client.images.addSample({ packId, file })));
  }

  takeItem(key: SideKey, itemId: string): Promise<void> {
    const { client } = this.#options.transport;
    return this.#fill(key, async () => this.#fromItem(await client.library.get({ itemId })));
  }

  /** What the Studio has open, as it is now. */
  takeOpenWork(key: SideKey): Promise<void> {
    return this.#fill(key, async () => {
      const { work, editing } = this.#options;
      await editing.settle();
      const { picture, snapshot, version } = work;
      if (version === null) throw new StudioError('prompt-empty', say('hindrance.noText'), '');
      const shown = snapshot.open === handKey ? [[ownKey, version] as const] : Object.entries(snapshot.versions);
      const texts = shown.filter(([at]) => at !== handKey).map(([at, { document, typed }]) => [at, { document, typed }] as const);
      const image = picture === null ? null : { sha256: picture.sha256, width: picture.width, height: picture.height };
      const title = picture?.title ?? cutAtWord(runningText(version.document.slots), 60);
      return { title, image, itemId: version.itemId ?? picture?.itemId ?? null, texts: Object.fromEntries(texts) };
    });
  }

  /** The newest of the library that have a text or can be read. */
  async find(text: string): Promise<readonly LibraryRow[]> {
    const { rows } = await this.#options.transport.client.library.rows({ text, limit: 60 });
    return rows;
  }

  async #fill(key: SideKey, make: () => Promise<BlendSide>): Promise<void> {
    const { texts } = this.#options;
    const isNewest = this.#fills[key].ask();
    this.#stages = { ...this.#stages, [key]: { busy: true, error: null } };
    try {
      await texts.settle();
      const side = await make();
      if (!isNewest()) return;
      texts.setSide(key, side, say('blend.step.side', { side: key.toUpperCase(), title: side.title }));
      this.#stages = { ...this.#stages, [key]: idle };
    } catch (failure) {
      if (isNewest()) this.#stages = { ...this.#stages, [key]: { busy: false, error: toErrorBody(failure) } };
    }
  }

  async #fromFile(file: File): Promise<BlendSide> {
    if (!isTextFile(file)) return this.#fromItem(await this.#options.transport.uploadImage(file, titleOf(file)));
    const { client } = this.#options.transport;
    const content = await file.slice(0, mostTextBytes).text();
    const document = await client.prompts.read({ content });
    const text = /^\s*\{/.test(content) ? (await client.prompts.inspect({ document })).text : content.trim();
    return { ...ofText(document, text), title: titleOf(file) };
  }

  async #fromItem(item: LibraryItem): Promise<BlendSide> {
    if (item.kind === 'picture') return this.#read(item);
    const { client } = this.#options.transport;
    const { ancestors } = await client.library.lineage({ itemId: item.id });
    if (item.kind === 'prompt') {
      // Lists of items leave the slots out.
      const whole = await client.library.get({ itemId: item.id });
      const picture = ancestors.find(({ kind }) => kind === 'picture');
      const document = whole.kind === 'prompt' ? whole.prompt : item.prompt;
      const at = document.length === null ? ownKey : String(document.length);
      const image = picture?.kind === 'picture' ? sizeOf(picture.image) : null;
      return {
        title: item.title || cutAtWord(item.text, 60),
        image,
        itemId: item.id,
        texts: { [at]: { document, typed: null } },
      };
    }
    const parent = ancestors.findLast(({ id, kind }) => kind === 'prompt' && item.parents.includes(id));
    const whole = parent === undefined ? null : await client.library.get({ itemId: parent.id });
    const text = item.recipe.text;
    const held: BlendText =
      whole?.kind === 'prompt' ? { document: whole.prompt, typed: null } : asTyped(await client.prompts.create({ text }), text);
    return { title: item.title || cutAtWord(text, 60), image: sizeOf(item.image), itemId: item.id, texts: { [ownKey]: held } };
  }

  /** Reads a picture at every number of tokens the pack has. */
  async #read(picture: Extract<LibraryItem, { kind: 'picture' }>): Promise<BlendSide> {
    const { jobs, facts } = this.#options;
    const outcome: { ended: Job | null; failed: ErrorBody | null } = { ended: null, failed: null };
    const reading = new FollowedJobs({
      jobs,
      onEnded: (job) => void (outcome.ended = job),
      onFailure: (failure) => (outcome.failed = failure),
    });
    const imageSha256s = [picture.image.sha256];
    await reading.finish(() => Promise.resolve({ kind: 'encode', imageSha256s, lengths: [...facts.lengths] }));
    const read = resultOf(outcome.ended);
    const error = outcome.failed ?? read?.error ?? null;
    if (error !== null) throw StudioError.fromBody(error);
    if (read === null) throw new StudioError('bad-request', say('blend.notRead'), say('blend.notRead.hint'));
    const texts = read.documents.map(({ document }) => [String(document.length), { document, typed: null }] as const);
    return { title: picture.title, image: sizeOf(picture.image), itemId: picture.id, texts: Object.fromEntries(texts) };
  }
}

function ofText(document: PromptDocument, text: string): BlendSide {
  return { title: cutAtWord(text, 60), image: null, itemId: null, texts: { [ownKey]: asTyped(document, text) } };
}

function sizeOf({ sha256, width, height }: { sha256: string; width: number; height: number }): BlendSide['image'] {
  return { sha256, width, height };
}

function resultOf(job: Job | null) {
  return job?.result?.kind === 'encode' ? (job.result.images[0] ?? null) : null;
}
