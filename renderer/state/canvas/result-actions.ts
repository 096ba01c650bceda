import type { StudioClient } from '../../../contract/methods.ts';
import type { PromptDocument } from '../../../contract/texts/prompt.ts';
import type { Drawing } from './drawing.svelte.ts';
import type { OpenWork } from '../text/open-work.svelte.ts';
import type { Notices } from '../frame/notices.svelte.ts';
import type { PromptEditing } from '../text/prompt-editing.svelte.ts';
import type { Generation } from './result-list.svelte.ts';
import { handKey } from '../text/snapshot.ts';
import { say } from '../../language/say.ts';

interface Options {
  readonly client: StudioClient;
  readonly work: OpenWork;
  readonly editing: PromptEditing;
  readonly drawing: Drawing;
  readonly notices: Notices;
}

/** What can be done with results and kept texts of the picture on the canvas. */
export class ResultActions {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async toggleStar(item: Generation): Promise<void> {
    const { client, drawing } = this.#options;
    const starred = await client.library.update({ itemId: item.id, starred: !item.starred });
    if (starred.kind === 'generation') drawing.results.update(starred);
  }

  /** To the library's trash; the notice takes it back. */
  async remove(item: Generation): Promise<void> {
    const { client, drawing, notices } = this.#options;
    await client.library.update({ itemId: item.id, trashed: true });
    drawing.results.remove(item.id);
    const undo = async (): Promise<void> => {
      const back = await client.library.update({ itemId: item.id, trashed: false });
      if (back.kind === 'generation') drawing.results.restore(back);
    };
    notices.tell(say('canvas.trashed'), '', {
      label: say('canvas.undo'),
      run: () => void undo().catch((failure: unknown) => notices.failWith(failure)),
    });
  }

  /** One of several is kept and shown, and the others go to the library's trash; the notice takes all of them back. */
  async keepOnly(item: Generation, others: readonly Generation[]): Promise<void> {
    const { client, drawing, notices } = this.#options;
    for (const other of others) {
      await client.library.update({ itemId: other.id, trashed: true });
      drawing.results.remove(other.id);
    }
    drawing.results.layOut([]);
    drawing.show(item.id);
    const undo = async (): Promise<void> => {
      for (const other of others) {
        const back = await client.library.update({ itemId: other.id, trashed: false });
        if (back.kind === 'generation') drawing.results.restore(back);
      }
      drawing.results.layOut([item, ...others].map(({ id }) => id));
    };
    notices.tell(say('canvas.keptOne', { count: others.length }), '', {
      label: say('canvas.undo'),
      run: () => void undo().catch((failure: unknown) => notices.failWith(failure)),
    });
  }

  /** The text a picture was drawn from becomes the open one. One undo goes back. */
  async openWordsOf(item: Generation): Promise<void> {
    const { client, drawing } = this.#options;
    const version = item.parents.map((id) => drawing.versions.find(id)).find((one) => one !== null);
    if (version === undefined) {
      this.#open(await client.prompts.create({ text: item.recipe.text }), null, say('history.step.openWords'));
    } else await this.openVersion(version.itemId, say('history.step.openWords'));
  }

  /** An earlier text becomes the open one. */
  async openVersion(itemId: string, label = say('history.step.openEarlier')): Promise<void> {
    const { client, editing } = this.#options;
    await editing.settle();
    const item = await client.library.get({ itemId });
    if (item.kind === 'prompt') this.#open(item.prompt, itemId, label);
  }

  #open(document: PromptDocument, itemId: string | null, label: string): void {
    const key = document.length === null ? handKey : String(document.length);
    this.#options.work.openEarlier(key, { document, typed: null, itemId, parentId: itemId }, label);
  }

  /** Keeps the open text as it is now as a version of its own, to come back to. */
  async duplicate(): Promise<void> {
    const { client, work, editing, drawing, notices } = this.#options;
    await editing.settle();
    const { version, picture } = work;
    if (version === null) return;
    const parent = version.itemId ?? version.parentId ?? picture?.itemId;
    const parents = parent === undefined ? [] : [parent];
    const item = await client.prompts.save({ document: version.document, parents, title: say('canvas.copyTitle') });
    work.saved(version.document, item.id);
    await drawing.refresh();
    notices.tell(say('canvas.kept'), say('canvas.kept.hint'));
  }
}
