import type { AddedFile, DeepLink } from '../../../contract/desktop.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import type { Transport } from '../../client/transport.ts';
import type { Platform } from '../../desktop/platform.ts';
import type { ItemOpening } from '../library/item-opening.ts';
import type { Notices } from './notices.svelte.ts';
import type { PictureReading } from '../text/picture-reading.svelte.ts';
import type { Place } from './place.svelte.ts';
import type { Proposals } from '../text/proposals.svelte.ts';
import { readPictureAddress } from './read-picture-address.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly transport: Transport;
  readonly platform: Platform;
  readonly reading: PictureReading;
  readonly opening: ItemOpening;
  readonly proposals: Proposals;
  readonly notices: Notices;
  readonly place: Place;
  /** Resolves when the core has answered for the first time: before that nothing can be opened. */
  readonly ready: Promise<void>;
}

/** So that the summary and the news fit below them. */
const mostFailures = 2;
const mostTextBytes = 2_000_000;

const isPromptFile = ({ name, type }: File): boolean =>
  /\.(txt|md|json)$/i.test(name) || (!type.startsWith('image/') && /^(text\/|application\/json)/.test(type));
const titleOf = ({ name }: File): string => name.replace(/\.[^.]+$/, '') || say('intake.pasted');

/** Everything that comes into the studio from elsewhere: files, addresses, texts and links. */
export class Intake {
  #adding: { readonly done: number; readonly total: number } | null = $state.raw(null);
  #stopped = false;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** How far a batch of pictures has come; null when none is being added. */
  get adding(): { readonly done: number; readonly total: number } | null {
    return this.#adding;
  }

  /** What was added so far stays. */
  stopAdding(): void {
    this.#stopped = true;
  }

  /** The system's dialog where there is one; the caller shows the page's own otherwise. */
  async choosePictures(): Promise<void> {
    const { choosePictures } = this.#options.platform;
    if (choosePictures !== null) await this.receiveAdded(await choosePictures());
  }

  /** The picture on the clipboard. */
  async paste(): Promise<void> {
    const { platform, reading, notices } = this.#options;
    const picture = await platform.readClipboardPicture();
    if (picture === null) notices.tell(say('intake.emptyClipboard'), say('intake.emptyClipboard.hint'));
    else await reading.openFile(picture, say('intake.pasted'));
  }

  /** Files that were dropped, pasted or chosen. `folders` are the names of those among them that are folders. */
  async receiveFiles(files: readonly File[], folders: readonly string[] = []): Promise<void> {
    const { platform, reading, notices } = this.#options;
    const texts = files.filter((file) => !folders.includes(file.name) && isPromptFile(file));
    let pictures = files.filter((file) => !texts.includes(file));
    if (folders.length > 0 && platform.addFiles === null) {
      pictures = pictures.filter(({ name }) => !folders.includes(name));
      notices.fail({
        code: 'bad-request',
        message: say('intake.folder'),
        hint: say('intake.folder.hint'),
        details: { folder: folders[0] ?? '' },
      });
    }
    if (texts[0] !== undefined) await this.#readPrompt(texts[0]);
    if (texts.length > 1) notices.tell(say('intake.oneText'));
    const [first] = pictures;
    if (first === undefined) return;
    if (pictures.length === 1 && folders.length === 0) await reading.openFile(first, titleOf(first));
    else await this.receiveAdded(await this.#addAll(pictures));
  }

  /** Files that are in the library already, or could not be: the first picture opens, the rest is told. */
  async receiveAdded(added: readonly AddedFile[]): Promise<void> {
    const { opening, notices, place, ready } = this.#options;
    await ready;
    this.#tellFailures(added);
    const items = added.flatMap(({ item }): LibraryItem[] => (item === null ? [] : [item]));
    const [first] = items;
    if (first === undefined) return;
    if (items.length > 1) {
      notices.tell(say('intake.added', { count: items.length }), say('intake.isOpen', { title: first.title }), {
        label: say('intake.showLibrary'),
        run: () => place.show('library'),
      });
    }
    await opening.open(first);
  }

  /** A dropped or pasted address. Nothing is asked before the person says so. */
  receiveAddress(text: string): void {
    const { proposals, notices } = this.#options;
    const address = readPictureAddress(text);
    if (address.type === 'picture') proposals.offerAddress(address.url);
    else notices.fail(address.error);
  }

  receiveText(from: string, text: string): void {
    if (text.trim() !== '') this.#options.proposals.offerText(from, text.trim());
  }

  /** Any web page can offer a link: an item is shown, a text proposed. */
  async receiveLink(link: DeepLink): Promise<void> {
    if (link.type === 'prompt') {
      this.receiveText(say('intake.link'), link.text);
      return;
    }
    await this.#options.ready;
    await this.#options.opening.openById(link.itemId);
  }

  async #readPrompt(file: File): Promise<void> {
    const { transport, proposals, notices } = this.#options;
    if (file.size > mostTextBytes) {
      const message = say('intake.tooLarge', { name: file.name });
      notices.fail({ code: 'prompt-too-long', message, hint: say('intake.tooLarge.hint'), details: { bytes: file.size } });
      return;
    }
    const content = await file.text();
    if (!/^\s*\{/.test(content)) {
      if (content.trim() === '') notices.tell(say('intake.empty', { name: file.name }));
      else this.receiveText(file.name, content);
      return;
    }
    // The core alone tells a document from a text that begins with a brace.
    const document = await transport.client.prompts.read({ content });
    const { text } = await transport.client.prompts.inspect({ document });
    proposals.offerText(file.name, text, document);
  }

  async #addAll(files: readonly File[]): Promise<readonly AddedFile[]> {
    const { addFiles } = this.#options.platform;
    this.#stopped = false;
    this.#adding = { done: 0, total: files.length };
    try {
      if (addFiles === null) return await this.#sendAll(files);
      return await addFiles(files).catch((failure: unknown) => {
        // Files without a place on disk, such as pictures dragged out of a browser, are sent as bytes.
        if (toErrorBody(failure).code === 'bad-request') return this.#sendAll(files);
        throw failure;
      });
    } finally {
      this.#adding = null;
    }
  }

  async #sendAll(files: readonly File[]): Promise<AddedFile[]> {
    const added: AddedFile[] = [];
    for (const file of files) {
      if (this.#stopped) break;
      try {
        added.push({ name: file.name, item: await this.#options.transport.uploadImage(file, titleOf(file)), error: null });
      } catch (failure) {
        added.push({ name: file.name, item: null, error: toErrorBody(failure) });
      }
      this.#adding = { done: added.length, total: files.length };
    }
    return added;
  }

  #tellFailures(added: readonly AddedFile[]): void {
    const failures = added.flatMap(({ name, error }): ErrorBody[] =>
      error === null ? [] : [{ ...error, message: say('intake.failed', { name, message: error.message }) }],
    );
    for (const failure of failures.slice(0, mostFailures)) this.#options.notices.fail(failure);
    const more = failures.slice(mostFailures);
    if (more.length > 0) {
      const message = say('intake.moreFailed', { count: more.length });
      const names = more.map((one) => one.message.split(':')[0] ?? '').join(', ');
      this.#options.notices.fail({
        code: 'image-unreadable',
        message,
        hint: say('intake.moreFailed.hint'),
        details: { names },
      });
    }
  }
}
