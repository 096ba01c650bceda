import type { StudioClient } from '../../contract/methods.ts';
import type { Budget, PromptDocument, PromptInspection } from '../../contract/prompt.ts';
import type { ErrorBody } from '../../contract/errors.ts';
import { toErrorBody } from '../client/to-error-body.ts';

/** What targets make of the open text: tokens used and cut, and where the text would drift from its exact ids. */
export class Inspection {
  #value: PromptInspection | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  #asked: PromptDocument | null = null;
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  get value(): PromptInspection | null {
    return this.#value;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  /** The count for the pack's own decoder: the first of the budgets. */
  get budget(): Budget | null {
    return this.#value?.budgets[0] ?? null;
  }

  /** First character of `text` that the decoder would not read; null when all fits or `text` is not what was inspected. */
  decoderKeptCharacters(text: string): number | null {
    return this.#value?.text === text ? (this.budget?.keptCharacters ?? null) : null;
  }

  async look(document: PromptDocument | null): Promise<void> {
    if (document === this.#asked) return;
    this.#asked = document;
    if (document === null) {
      this.#value = null;
      return;
    }
    try {
      const value = await this.#client.prompts.inspect({ document });
      if (this.#asked !== document) return;
      this.#value = value;
      this.#error = null;
    } catch (failure) {
      this.#error = toErrorBody(failure);
      this.#asked = null;
    }
  }
}
