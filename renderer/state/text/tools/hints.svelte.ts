import type { StudioClient } from '../../../../contract/methods.ts';
import type { PromptDocument } from '../../../../contract/texts/prompt.ts';
import { inPlaceOf } from '../../../../contract/texts/words.ts';
import type { TextHint } from '../../../../contract/texts/text-help.ts';
import { NewestQuestion } from '../../core/newest-question.ts';
import type { OpenWork } from '../open-work.svelte.ts';
import type { PromptEditing } from '../prompt-editing.svelte.ts';
import { say } from '../../../language/say.ts';

/** Words of the open text that a person may want to look at: names and brands, writing that cannot be read. Nothing is ever stopped by them. */
export class Hints {
  #found: { readonly document: PromptDocument; readonly hints: readonly TextHint[] } | null = $state.raw(null);
  /** Hints a person has seen and leaves as they are, by kind and word, until the page is closed. */
  #left: readonly string[] = $state.raw([]);
  readonly #questions = new NewestQuestion();
  readonly #client: StudioClient;
  readonly #work: OpenWork;
  readonly #editing: PromptEditing;
  readonly #open = $derived.by(() => {
    const here = new Set(this.#work.document?.slots.map(({ id }) => id));
    return (this.#found?.hints ?? []).filter(
      (hint) => hint.slotIds.every((id) => here.has(id)) && !this.#left.includes(keyOf(hint)),
    );
  });

  constructor(client: StudioClient, work: OpenWork, editing: PromptEditing) {
    this.#client = client;
    this.#work = work;
    this.#editing = editing;
  }

  /** Those of words that are still there, in the order of the text. */
  get open(): readonly TextHint[] {
    return this.#open;
  }

  /** Looks at a text; nothing is told where that cannot be, because nothing depends on it. */
  async look(document: PromptDocument | null, sensitive: boolean): Promise<void> {
    const isNewest = this.#questions.ask();
    if (document === null) return;
    const hints = await this.#client.language.hints({ document, sensitive }).catch((): TextHint[] => []);
    if (isNewest()) this.#found = { document, hints };
  }

  /** A plain word takes the place of one that is hinted at. One undo takes it back. */
  async replace({ slotIds, neutral, text }: TextHint): Promise<void> {
    if (neutral === null) return;
    await this.#editing.settle();
    const words = this.#work.words.filter(({ ranges }) => ranges.some(({ slot }) => slotIds.includes(slot.id)));
    const [first, last] = [words[0], words.at(-1)];
    if (first === undefined || last === undefined) return;
    const before = this.#work.text.slice(0, first.from);
    // After another article the own one goes.
    const plain = /\b(?:an?|the)\s*$/i.test(before) ? neutral.replace(/^an? /, '') : neutral;
    const changed = `${before}${inPlaceOf(text, plain)}${this.#work.text.slice(last.to)}`;
    await this.#editing.apply({ type: 'set-text', text: changed }, say('history.step.becomes', { before: text, after: plain }));
  }

  leave(hint: TextHint): void {
    this.#left = [...this.#left, keyOf(hint)];
  }
}

const keyOf = ({ kind, text }: TextHint): string => `${kind} ${text.toLowerCase()}`;
