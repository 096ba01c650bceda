import type { Transport } from '../client/transport.ts';
import type { LibraryBrowser } from './library-browser.svelte.ts';

/** The ways to ask for pictures like something. */
export class LikenessFinder {
  readonly #browser: LibraryBrowser;
  readonly #transport: Transport;

  constructor(browser: LibraryBrowser, transport: Transport) {
    this.#browser = browser;
    this.#transport = transport;
  }

  async likeItem(itemId: string): Promise<void> {
    const item = await this.#transport.client.library.get({ itemId });
    const text = item.kind === 'prompt' ? item.text : item.kind === 'generation' ? item.recipe.text : 'this picture';
    const sha256 = item.kind === 'prompt' ? null : item.image.sha256;
    this.#browser.findLike({ to: { type: 'item', itemId }, label: item.title || text, sha256 });
  }

  /** No words end the comparison. */
  likeWords(words: string): void {
    const text = words.trim().slice(0, 1000);
    if (text === '') this.#browser.set({ likeness: null });
    else this.#browser.findLike({ to: { type: 'text', text }, label: text, sha256: null });
  }

  /** The library keeps the file, so that it can be found again. */
  async likeFile(file: File): Promise<void> {
    const item = await this.#transport.uploadImage(file, file.name.replace(/\.[^.]+$/, ''));
    if (item.kind === 'picture') await this.likeItem(item.id);
  }
}
