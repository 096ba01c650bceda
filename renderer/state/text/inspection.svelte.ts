import type { StudioClient } from '../../../contract/methods.ts';
import type { Budget, PromptDocument, PromptInspection } from '../../../contract/texts/prompt.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import { runningText } from './prompt-text.ts';

const ownDecoder = 'studio';

/** What targets make of the open text: tokens used and cut, and where the text would drift from its exact ids. */
export class Inspection {
  #value: PromptInspection | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  #asked: PromptDocument | null = null;
  readonly #questions = new NewestQuestion();
  #looked: PromptDocument | null = $state.raw(null);
  #target = $state(ownDecoder);
  readonly #drifting = $derived.by(
    () =>
      new Set(
        this.#value?.drift.changes.flatMap(({ fromSlot, toSlot }) =>
          (this.#looked?.slots.slice(fromSlot, toSlot) ?? []).map((slot) => slot.id),
        ),
      ),
  );
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

  /** The target whose cut is marked in the words: the pack's own decoder, unless another was chosen. */
  get target(): string {
    return this.#value?.budgets.some(({ target }) => target === this.#target) === true ? this.#target : ownDecoder;
  }

  chooseTarget(target: string): void {
    this.#target = target;
  }

  /** The first token that the chosen target would not read whole; null when all fits or another text was inspected. */
  cutSlotId(document: PromptDocument | null): string | null {
    const kept = this.#value?.budgets.find(({ target }) => target === this.target)?.keptCharacters ?? null;
    if (document === null || document !== this.#looked || kept === null) return null;
    const visible = document.slots.filter((slot) => !slot.muted);
    const cut = visible.findIndex((slot, index) => slot.text !== '' && runningText(visible.slice(0, index + 1)).length > kept);
    return visible[cut]?.id ?? null;
  }

  /** Tokens of the open text that plain text would not give back. */
  get driftingIds(): ReadonlySet<string> {
    return this.#drifting;
  }

  async look(document: PromptDocument | null): Promise<void> {
    if (document === this.#asked) return;
    this.#asked = document;
    const isNewest = this.#questions.ask();
    if (document === null) {
      this.#value = null;
      return;
    }
    try {
      const value = await this.#client.prompts.inspect({ document });
      if (!isNewest()) return;
      this.#value = value;
      this.#looked = document;
      this.#error = null;
    } catch (failure) {
      if (!isNewest()) return;
      this.#error = toErrorBody(failure);
      this.#asked = null;
    }
  }
}
