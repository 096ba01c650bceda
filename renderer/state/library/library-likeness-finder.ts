import type { Transport } from '../../client/transport.ts';
import type { LibraryLikeness } from './library-question.ts';
import { say } from '../../language/say.ts';

type Find = (likeness: LibraryLikeness | null, among?: 'texts') => void;

/** The ways to ask for what is like something. */
export class LikenessFinder {
  readonly #transport: Transport;
  readonly #find: Find;

  /** @param find Shows what is like something, of the kinds chosen or among texts; null ends the comparison. */
  constructor(transport: Transport, find: Find) {
    this.#transport = transport;
    this.#find = find;
  }

  /** Texts like a text, pictures like a picture. */
  async likeItem(itemId: string): Promise<void> {
    const item = await this.#transport.client.library.get({ itemId });
    const text = item.kind === 'prompt' ? item.text : item.kind === 'generation' ? item.recipe.text : say('library.thisPicture');
    const sha256 = item.kind === 'prompt' ? null : item.image.sha256;
    this.#find({ to: { type: 'item', itemId }, label: item.title || text, sha256 }, item.kind === 'prompt' ? 'texts' : undefined);
  }

  /** No words end the comparison. */
  likeWords(words: string): void {
    const text = words.trim().slice(0, 1000);
    this.#find(text === '' ? null : { to: { type: 'text', text }, label: text, sha256: null });
  }

  /** The library keeps the file, so that it can be found again. */
  async likeFile(file: File): Promise<void> {
    const item = await this.#transport.uploadImage(file, file.name.replace(/\.[^.]+$/, ''));
    if (item.kind === 'picture') await this.likeItem(item.id);
  }
}
