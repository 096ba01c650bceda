import type { LibraryItem } from '../../../contract/library.ts';

/** A text the library keeps, without its tokens: enough to choose it. */
export interface TextVersion {
  readonly itemId: string;
  readonly text: string;
  /** Number of encoder queries it was read with; null when it was written by hand. */
  readonly length: number | null;
  /** Some of its words are others than were read. */
  readonly edited: boolean;
  readonly createdMs: number;
  readonly starred: boolean;
}

type PromptItem = Extract<LibraryItem, { kind: 'prompt' }>;

/** The texts made from the picture on the canvas that the library keeps, newest first. */
export class TextVersionList {
  #items: readonly TextVersion[] = $state.raw([]);

  get items(): readonly TextVersion[] {
    return this.#items;
  }

  find(itemId: string | undefined): TextVersion | null {
    return this.#items.find((item) => item.itemId === itemId) ?? null;
  }

  replace(prompts: readonly PromptItem[]): void {
    this.#items = prompts
      .map((item) => ({
        itemId: item.id,
        text: item.text,
        length: item.prompt.length,
        edited: item.prompt.slots.some(({ exact }) => !exact),
        createdMs: item.createdMs,
        starred: item.starred,
      }))
      .toSorted((a, b) => b.createdMs - a.createdMs || (a.itemId < b.itemId ? 1 : -1));
  }
}
