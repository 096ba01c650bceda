import type { ErrorBody } from '../../../../contract/errors.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import type { Polished, PolishRequest } from '../../../../contract/texts/text-help.ts';
import { toErrorBody } from '../../../client/to-error-body.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import type { PromptEditing } from '../prompt-editing.svelte.ts';
import { say } from '../../../language/say.ts';

export type PolishWay = PolishRequest['way'];

/** A better text for the open one, laid beside it until a person takes it or leaves it. */
export class Polishing {
  #proposed: { readonly way: PolishWay; readonly before: PromptDocument; readonly polished: Polished } | null = $state.raw(null);
  #busy: PolishWay | null = $state(null);
  #error: ErrorBody | null = $state.raw(null);
  #stop: AbortController | null = null;
  readonly #client: StudioClient;
  readonly #work: OpenWork;
  readonly #editing: PromptEditing;

  constructor(client: StudioClient, work: OpenWork, editing: PromptEditing) {
    this.#client = client;
    this.#work = work;
    this.#editing = editing;
  }

  get proposed() {
    return this.#proposed;
  }

  /** What is being done; null while nothing is. */
  get busy(): PolishWay | null {
    return this.#busy;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  /** True when the text is no longer the one that was polished. */
  get isOld(): boolean {
    return this.#proposed !== null && this.#proposed.before !== this.#work.document;
  }

  /**
   * Resolves when the text is there or `error` says why not.
   * @param ask composes the request for the text as it is
   */
  async run(ask: (document: PromptDocument) => PolishRequest): Promise<void> {
    if (this.#busy !== null) return;
    this.#error = null;
    this.#proposed = null;
    await this.#editing.settle();
    const { document } = this.#work;
    if (document === null) return;
    const request = ask(document);
    const stop = new AbortController();
    this.#stop = stop;
    this.#busy = request.way;
    try {
      const polished = await this.#client.language.polish(request, { signal: stop.signal });
      if (!stop.signal.aborted) this.#proposed = { way: request.way, before: document, polished };
    } catch (failure) {
      if (!stop.signal.aborted) this.#error = toErrorBody(failure);
    } finally {
      this.#busy = null;
      this.#stop = null;
    }
  }

  cancel(): void {
    this.#stop?.abort();
  }

  /** The polished text takes the place of the open one. One undo takes it back. */
  accept(): void {
    if (this.#proposed === null || this.isOld) return;
    this.#work.revise(this.#proposed.polished.document, say('history.step.polish'), null);
    this.#proposed = null;
  }

  leave(): void {
    this.#proposed = null;
    this.#error = null;
  }
}
