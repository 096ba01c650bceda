import { builtInWriter, usualLanguage } from '../../../../contract/texts/blend.ts';
import type { ErrorBody } from '../../../../contract/errors.ts';
import type { StudioClient } from '../../../../contract/methods.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import type { AskAnswer, AskRequest } from '../../../../contract/texts/text-help.ts';
import { toErrorBody } from '../../../client/to-error-body.ts';
import { NewestQuestion } from '../../core/newest-question.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import type { PromptEditing } from '../prompt-editing.svelte.ts';
import { say } from '../../../language/say.ts';

export type Wanted = AskRequest['want'];

/** What was asked, and what the text says to it. */
export interface Answered {
  readonly want: Wanted;
  readonly question: string;
  readonly answer: AskAnswer;
}

/** Asks the open picture through its text: the words alone answer, by rules or through a language model, and which of them do is told. */
export class Asking {
  question = $state('');
  /** Who answers: rules, or a connection to a language model by its id. */
  writer: string = $state(builtInWriter);
  /** The language a language model shall answer in; empty: English, as the words are. */
  language = $state('');
  /** Answered questions that a language model is shown first. */
  shots = $state(0);
  #answered: Answered | null = $state.raw(null);
  #busy = $state(false);
  #error: ErrorBody | null = $state.raw(null);
  #stop: AbortController | null = null;
  readonly #questions = new NewestQuestion();
  readonly #client: StudioClient;
  readonly #work: OpenWork;
  readonly #editing: PromptEditing;

  constructor(client: StudioClient, work: OpenWork, editing: PromptEditing) {
    this.#client = client;
    this.#work = work;
    this.#editing = editing;
  }

  get answered(): Answered | null {
    return this.#answered;
  }

  get busy(): boolean {
    return this.#busy;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  /** True when the text is no longer the one that answered. */
  get isOld(): boolean {
    const asked = this.#answered?.answer.document;
    return asked !== undefined && textOf(asked) !== textOf(this.#work.document);
  }

  /** The tokens of the open text that the answer rests on; none where the text is another by now. */
  get evidenceIds(): readonly string[] {
    return this.isOld ? [] : (this.#answered?.answer.evidence.flatMap(({ slotIds }) => slotIds) ?? []);
  }

  /** Resolves when the answer is there or `error` says why not. */
  async ask(want: Wanted): Promise<void> {
    const question = this.question.trim();
    if (want === 'answer' && question === '') return;
    const isNewest = this.#questions.ask();
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    this.#busy = true;
    this.#error = null;
    try {
      await this.#editing.settle();
      const { document } = this.#work;
      if (document === null) return;
      const shots = this.writer === builtInWriter ? 0 : this.shots;
      const language = this.language.trim() || usualLanguage;
      const request = { source: { type: 'document' as const, document }, want, question, writer: this.writer, language, shots };
      const answer = await this.#client.language.ask(request, { signal: stop.signal });
      if (isNewest()) this.#answered = { want, question, answer };
    } catch (failure) {
      if (isNewest()) this.#error = toErrorBody(failure);
    } finally {
      if (isNewest()) this.#busy = false;
    }
  }

  /** Takes the question back; what was answered before stays. */
  cancel(): void {
    this.#questions.ask();
    this.#stop?.abort();
    this.#busy = false;
  }

  /** The answer’s words go to the end of the text. One undo takes them back. */
  async takeAsWords(): Promise<void> {
    const answer = this.#answered?.answer;
    if (answer?.isTold !== true) return;
    await this.#editing.settle();
    const words = answer.answer.replaceAll(/[.,]/gu, ' ').replaceAll(/\s+/gu, ' ').trim();
    const text = `${this.#work.text.trimEnd()} ${words}`.trim();
    await this.#editing.apply({ type: 'set-text', text }, say('history.step.answer', { text: words }));
  }

  /** Another picture is another matter. */
  forget(): void {
    this.cancel();
    this.#answered = null;
    this.#error = null;
  }
}

const textOf = (document: PromptDocument | null): string =>
  document === null ? '' : document.slots.map(({ tokenId, muted }) => `${tokenId}${muted === true ? 'm' : ''}`).join(' ');
