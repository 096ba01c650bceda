import type { ErrorBody } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { PromptDocument, PromptEdit } from '../../../contract/texts/prompt.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { InOrder } from '../core/in-order.ts';
import type { OpenWork } from './open-work.svelte.ts';
import { readTyping } from './read-typing.ts';
import { say } from '../../language/say.ts';

/** How long a person pauses before what they typed is turned into tokens. */
const typingPauseMs = 250;

/**
 * Every change to the text, in order. The core alone knows how text becomes tokens, so each edit goes there and
 * comes back as a new document; one waits for the other, so that none is built on a stale one.
 */
export class PromptEditing {
  #error: ErrorBody | null = $state.raw(null);
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** The act of typing that what is typed now belongs to. */
  #typing: string | null = null;
  readonly #edits = new InOrder();
  readonly #client: StudioClient;
  readonly #work: OpenWork;

  constructor(client: StudioClient, work: OpenWork) {
    this.#client = client;
    this.#work = work;
  }

  /** Why the last edit did not happen; the text is as it was. */
  get error(): ErrorBody | null {
    return this.#error;
  }

  dismissError(): void {
    this.#error = null;
  }

  /** The running text as it now stands in the editor. Becomes tokens after a pause. */
  type(text: string): void {
    this.#work.type(text);
    this.#typing = this.#work.history.act('type');
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.settle(), typingPauseMs);
  }

  /** Turns what was typed into tokens now. Resolves when every edit so far has happened. */
  settle(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    return this.#enqueue(() => this.#applyTyping());
  }

  /** @param kind of edits that become one step where they follow each other without a pause; null for one that is a step by itself */
  apply(edit: PromptEdit, label: string, kind: string | null = null): Promise<void> {
    const act = kind === null ? null : this.#work.history.act(kind);
    void this.settle();
    return this.#enqueue(async () => {
      const before = this.#work.document;
      if (before === null) return;
      const after = await this.#client.prompts.edit({ document: before, edit });
      if (this.#work.document === before) this.#work.revise(after, label, null, act);
    });
  }

  async #applyTyping(): Promise<void> {
    const { pendingText: text, document: before } = this.#work;
    const act = this.#typing;
    if (text === null) return;
    if (before === null && text.trim() === '') return;
    const after = await this.#toDocument(before, text);
    // What was taken back while the core was asked stays taken back.
    const stands = this.#work.document === before && this.#work.pendingText !== null;
    if (stands) this.#work.revise(after, say('history.step.type'), text, act);
  }

  async #toDocument(before: PromptDocument | null, shown: string): Promise<PromptDocument> {
    if (before === null) return this.#client.prompts.create({ text: shown });
    const { text, touchedMutedIds } = readTyping(this.#work.settledText, shown, before.slots);
    const document =
      touchedMutedIds.length === 0
        ? before
        : await this.#client.prompts.edit({ document: before, edit: { type: 'delete', slotIds: [...touchedMutedIds] } });
    return this.#client.prompts.edit({ document, edit: { type: 'set-text', text } });
  }

  #enqueue(edit: () => Promise<void>): Promise<void> {
    return this.#edits.run(async () => {
      try {
        await edit();
        this.#error = null;
      } catch (failure) {
        this.#error = toErrorBody(failure);
      }
    });
  }
}
