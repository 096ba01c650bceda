import type { PictureReference } from '../../../contract/desktop.ts';
import { cutText } from '../../../contract/texts/cut-text.ts';
import { StudioError } from '../../../contract/errors.ts';
import type { LibraryItem } from '../../../contract/library.ts';
import type { Platform, SaveFolder } from '../../desktop/platform.ts';
import { copyText } from '../../desktop/copy-text.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import { textOf } from '../text/text-of.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly chosen: () => Promise<readonly string[]>;
  readonly read: (itemId: string) => Promise<LibraryItem>;
  readonly platform: Platform;
  readonly notices: Notices;
}

/** Items asked for together. */
const atOnce = 24;

/** The chosen items out of the library: pictures as files, texts on the clipboard. */
export class LibraryExport {
  #progress: { readonly done: number; readonly total: number } | null = $state.raw(null);
  #saving = false;
  #leaving = new AbortController();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** How many pictures of how many are files by now; null while none are saved. */
  get progress(): { readonly done: number; readonly total: number } | null {
    return this.#progress;
  }

  /** What is saved stays. */
  stop(): void {
    this.#leaving.abort();
  }

  /** One picture gets a name from the person, several get a folder and names of their own. */
  async savePictures(): Promise<void> {
    if (this.#saving) return;
    this.#saving = true;
    try {
      await this.#save((await this.#readChosen()).map(itemReference).filter((picture) => picture !== null));
    } finally {
      this.#saving = false;
      this.#progress = null;
    }
  }

  /** A text's words, or the words a picture was drawn from; one item a line. */
  async copyTexts(): Promise<void> {
    const { notices } = this.#options;
    const texts = (await this.#readChosen()).map(textOf).filter((text) => text !== '');
    if (texts.length === 0) {
      notices.tell(say('library.noText'));
      return;
    }
    if (!(await copyText(texts.join('\n'))))
      throw new StudioError(
        'bad-request',
        say('library.notCopied'),
        say(globalThis.isSecureContext ? 'library.notCopied.hint' : 'browser.secureOnly'),
      );
    notices.tell(say('library.textCopied', { count: texts.length }));
  }

  async #save(pictures: readonly PictureReference[]): Promise<void> {
    const { platform, notices } = this.#options;
    const [first] = pictures;
    if (first === undefined) {
      notices.tell(say('library.noPicture'));
      return;
    }
    if (pictures.length === 1) {
      const name = await platform.savePicture(first);
      if (name !== null) notices.tell(say('export.savedAs', { name }));
      return;
    }
    const folder = await platform.chooseFolder();
    if (folder !== null) await this.#keepAll(pictures, folder);
  }

  async #keepAll(pictures: readonly PictureReference[], folder: SaveFolder): Promise<void> {
    const total = pictures.length;
    let done = 0;
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#progress = { done, total };
    try {
      for (const picture of pictures) {
        if (signal.aborted) break;
        await folder.keep(picture);
        done += 1;
        this.#progress = { done, total };
      }
    } finally {
      const saved = done === total ? 'library.savedIn' : 'library.someSavedIn';
      if (done > 0) this.#options.notices.tell(say(saved, { done, count: total, folder: folder.name }));
    }
  }

  async #readChosen(): Promise<readonly LibraryItem[]> {
    const ids = await this.#options.chosen();
    const items: LibraryItem[] = [];
    for (let first = 0; first < ids.length; first += atOnce)
      items.push(...(await Promise.all(ids.slice(first, first + atOnce).map((id) => this.#options.read(id)))));
    return items;
  }
}

/** So much of a text still tells what it says, and leaves room for the seed in a file's name. */
const longestText = 60;

/** An item's picture as it leaves the studio; a drawn one has the seed that tells it from its siblings. Null for a text. */
function itemReference(item: LibraryItem): PictureReference | null {
  if (item.kind === 'prompt') return null;
  const { sha256, mediaType } = item.image;
  if (item.kind === 'picture') return { sha256, mediaType, title: cutText(item.title, 200) };
  const title = cutText(item.title || textOf(item), longestText);
  const { seed } = item.recipe;
  return { sha256, mediaType, title: seed === null ? title : say('library.titleWithSeed', { title, seed: String(seed) }) };
}
