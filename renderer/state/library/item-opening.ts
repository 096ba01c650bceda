import { cutAtWord } from '../../../contract/texts/cut-text.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import type { Drawing } from '../canvas/drawing.svelte.ts';
import type { OpenWork } from '../text/open-work.svelte.ts';
import type { PictureReading } from '../text/picture-reading.svelte.ts';
import type { Place } from '../frame/place.svelte.ts';
import type { PromptEditing } from '../text/prompt-editing.svelte.ts';
import type { Generation } from '../canvas/result-list.svelte.ts';
import { handKey, toPicture } from '../text/snapshot.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly client: StudioClient;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly reading: PictureReading;
  readonly drawing: Drawing;
  readonly place: Place;
}

type PictureItem = Extract<LibraryItem, { kind: 'picture' }>;
type PromptItem = Extract<LibraryItem, { kind: 'prompt' }>;

/** Opens in the Studio what the library holds: a picture, a text with its picture, a drawn picture with both. One undo goes back. */
export class ItemOpening {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** @throws StudioError `not-found` when the library has no such item */
  async openById(itemId: string): Promise<void> {
    await this.open(await this.#options.client.library.get({ itemId }));
  }

  async open(item: LibraryItem): Promise<void> {
    if (item.kind === 'picture') await this.#options.reading.openItem(item);
    else if (item.kind === 'prompt') await this.#openPrompt(item.id);
    else await this.#openGeneration(item);
  }

  async #openPrompt(itemId: string): Promise<void> {
    const { client, drawing } = this.#options;
    const { item, ancestors } = await client.library.lineage({ itemId });
    if (item.kind !== 'prompt') return;
    // Lists of items leave the slots out.
    const whole = await client.library.get({ itemId });
    if (whole.kind === 'prompt') await this.#show(ancestors, whole.prompt, whole, whole.title || whole.text);
    await drawing.loadResults();
  }

  async #openGeneration(generation: Generation): Promise<void> {
    const { client, drawing } = this.#options;
    const { ancestors } = await client.library.lineage({ itemId: generation.id });
    const parent = ancestors.find(({ id, kind }) => kind === 'prompt' && generation.parents.includes(id));
    const whole = parent === undefined ? null : await client.library.get({ itemId: parent.id });
    const prompt = whole?.kind === 'prompt' ? whole : null;
    const document = prompt?.prompt ?? (await client.prompts.create({ text: generation.recipe.text }));
    await this.#show(ancestors, document, prompt, generation.title || generation.recipe.text);
    await drawing.loadResults();
    // Drawn from words that nobody kept: no lineage leads to it.
    if (ancestors.length === 0) drawing.results.replace([generation]);
    drawing.results.select(generation.id);
  }

  async #show(
    ancestors: readonly LibraryItem[],
    document: PromptDocument,
    item: PromptItem | null,
    title: string,
  ): Promise<void> {
    const { work, editing, place } = this.#options;
    await editing.settle();
    if (work.pendingText !== null) {
      throw new StudioError('bad-request', say('intake.notKept'), say('intake.openAgain'));
    }
    const picture = ancestors.find((one): one is PictureItem => one.kind === 'picture') ?? null;
    const key = document.length === null ? handKey : String(document.length);
    const version = { document, typed: null, itemId: item?.id ?? null, parentId: item?.id ?? null };
    work.openText(picture === null ? null : toPicture(picture), key, version, cutAtWord(title, 60));
    place.show('studio');
  }
}
