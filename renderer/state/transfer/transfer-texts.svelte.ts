import { cutText } from '../../../contract/texts/cut-text.ts';
import type { TransferRow } from '../../../contract/transfer.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import type { Page } from '../page.svelte.ts';
import { handKey } from '../text/snapshot.ts';
import type { Version } from '../text/snapshot.ts';
import { say } from '../../language/say.ts';

/** What of the page it stands on. */
type Around = Pick<Page, 'sources' | 'work' | 'editing'>;

/**
 * Which texts are drawn: all of the open work, the one that is open, that one beside a caption of it, or all that the library has of
 * the open picture.
 */
export const textChoices = ['all', 'open', 'caption', 'variants'] as const;
export type TextChoice = (typeof textChoices)[number];

/** Longest name of a row that is made of its text. */
const longestName = 60;

/** The rows of the next grid. */
export class TransferTexts {
  choice: TextChoice = $state('all');
  /** A caption of one's own; empty: one is written from the text, by rules. */
  caption = $state('');
  /** Ids of the texts the library has of a picture, as far as somebody looked. */
  #found: { readonly pictureId: string; readonly ids: readonly string[] } | null = $state.raw(null);
  readonly #looks = new NewestQuestion();
  readonly #page: Around;

  constructor(page: Around) {
    this.#page = page;
  }

  /** How many rows there would be. */
  get count(): number {
    if (this.choice === 'variants') return this.#found?.pictureId === this.#picture?.itemId ? (this.#found?.ids.length ?? 0) : 0;
    return this.choice === 'caption' ? 2 * this.#keys().length : this.#keys().length;
  }

  /** Why there is none. */
  whyNone(): string {
    return say(this.choice === 'variants' ? 'transfer.whyNot.variants' : 'transfer.whyNot.text');
  }

  /** Looks which texts the library has of the open picture. */
  async find(): Promise<void> {
    const picture = this.#picture;
    const isNewest = this.#looks.ask();
    const ids = picture === null ? [] : await this.#textsOf(picture.itemId);
    if (isNewest()) this.#found = picture === null ? null : { pictureId: picture.itemId, ids };
  }

  /** As they are just now, typed words among them. */
  async rows(): Promise<TransferRow[]> {
    await this.#page.editing.settle();
    if (this.choice === 'variants') return this.#variants();
    const { versions } = this.#page.work.snapshot;
    const rows: TransferRow[] = [];
    for (const key of this.#keys()) {
      const version = versions[key];
      if (version !== undefined) rows.push(...(await this.#rowsOf(nameOfText(key), version)));
    }
    return rows;
  }

  async #rowsOf(name: string, { document, itemId, parentId }: Version): Promise<TransferRow[]> {
    const prompt = { type: 'document' as const, document };
    const originalSha256 = this.#picture?.sha256 ?? null;
    const row = { name, prompt, originalSha256, itemId: itemId ?? parentId };
    if (this.choice !== 'caption') return [row];
    const { language } = this.#client;
    const own = this.caption.trim();
    const text = own === '' ? (await language.ask({ source: prompt, want: 'caption' })).answer : own;
    return [
      { ...row, name: say('transfer.text.beside', { name }) },
      {
        name: say('transfer.text.caption', { name }),
        prompt: { type: 'text', text },
        originalSha256,
        // Not the text's item: whoever opens the drawing is to see the caption it was drawn from.
        itemId: this.#picture?.itemId ?? null,
      },
    ];
  }

  async #variants(): Promise<TransferRow[]> {
    const picture = this.#picture;
    if (picture === null) return [];
    const rows: TransferRow[] = [];
    for (const itemId of await this.#textsOf(picture.itemId)) {
      const item = await this.#client.library.get({ itemId });
      if (item.kind !== 'prompt' || item.prompt.slots.length === 0) continue;
      const name = cutText(item.title.trim() || item.text.trim(), longestName) || say('transfer.untitled');
      rows.push({ name, prompt: { type: 'document', document: item.prompt }, originalSha256: picture.sha256, itemId });
    }
    return rows;
  }

  /** Oldest first. */
  async #textsOf(pictureId: string): Promise<string[]> {
    const { descendants } = await this.#client.library.lineage({ itemId: pictureId });
    return descendants.flatMap(({ id, kind }) => (kind === 'prompt' ? [id] : []));
  }

  get #client() {
    return this.#page.sources.transport.client;
  }

  get #picture() {
    return this.#page.work.snapshot.picture;
  }

  #keys(): string[] {
    const { versions, open } = this.#page.work.snapshot;
    const withWords = Object.keys(versions).filter((key) => (versions[key]?.document.slots.length ?? 0) > 0);
    return this.choice === 'all' ? withWords : withWords.filter((key) => key === open);
  }
}

const nameOfText = (key: string): string =>
  key === handKey ? say('transfer.text.own') : say('transfer.text.length', { count: Number(key) });
