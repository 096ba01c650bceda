import type { ErrorBody } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { ExportedPrompt, ExportOptions, ExportTarget, PromptDocument } from '../../../contract/texts/prompt.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { NewestQuestion } from '../core/newest-question.ts';

/** The open prompt as one tool takes it. */
export class ExportedText {
  #value: ExportedPrompt | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  readonly #questions = new NewestQuestion();
  readonly #client: StudioClient;

  constructor(client: StudioClient) {
    this.#client = client;
  }

  get value(): ExportedPrompt | null {
    return this.#value;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  async make(document: PromptDocument, target: ExportTarget, options: ExportOptions): Promise<void> {
    const isNewest = this.#questions.ask();
    try {
      const value = await this.#client.prompts.export({ document, target, options });
      if (!isNewest()) return;
      this.#value = value;
      this.#error = null;
    } catch (failure) {
      if (isNewest()) this.#error = toErrorBody(failure);
    }
  }
}
