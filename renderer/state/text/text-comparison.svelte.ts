import { cutAtWord } from '../../../contract/texts/cut-text.ts';
import type { ErrorBody } from '../../../contract/errors.ts';
import type { StudioClient } from '../../../contract/methods.ts';
import type { PromptComparison, PromptDocument } from '../../../contract/texts/prompt.ts';
import { toErrorBody } from '../../client/to-error-body.ts';
import { NewestQuestion } from '../core/newest-question.ts';
import type { OpenWork } from './open-work.svelte.ts';
import type { TextVersionList } from './text-version-list.svelte.ts';
import { say } from '../../language/say.ts';

/** A text that can be compared: a step of this session, or one the library keeps. */
export interface TextChoice {
  readonly key: string;
  readonly name: string;
  /** Null for a text of the library, which is fetched when chosen. */
  readonly document: PromptDocument | null;
  readonly itemId: string | null;
}

/** Two texts side by side, token by token. */
export interface ComparedTexts {
  readonly before: PromptDocument;
  readonly after: PromptDocument;
  readonly comparison: PromptComparison;
}

const mostSteps = 60;

/** Any two texts of the picture: steps of this session and what the library keeps. */
export class TextComparison {
  #beforeKey: string | null = $state(null);
  #afterKey: string | null = $state(null);
  #compared: ComparedTexts | null = $state.raw(null);
  #error: ErrorBody | null = $state.raw(null);
  readonly #questions = new NewestQuestion();
  readonly #client: StudioClient;
  readonly #work: OpenWork;
  readonly #choices: readonly TextChoice[];

  constructor(client: StudioClient, work: OpenWork, kept: TextVersionList) {
    this.#client = client;
    this.#work = work;
    this.#choices = $derived.by(() => [...stepsOf(this.#work), ...keptTexts(kept)]);
  }

  /** NewestQuestion first: now, earlier steps, then what the library keeps. */
  get choices(): readonly TextChoice[] {
    return this.#choices;
  }

  get beforeKey(): string {
    const earlier = this.#choices[1] ?? this.#choices[0];
    return this.#choices.find(({ key }) => key === this.#beforeKey)?.key ?? earlier?.key ?? '';
  }

  get afterKey(): string {
    return this.#choices.find(({ key }) => key === this.#afterKey)?.key ?? this.#choices[0]?.key ?? '';
  }

  get compared(): ComparedTexts | null {
    return this.#compared;
  }

  get error(): ErrorBody | null {
    return this.#error;
  }

  chooseBefore(key: string): void {
    this.#beforeKey = key;
  }

  chooseAfter(key: string): void {
    this.#afterKey = key;
  }

  async compare(): Promise<void> {
    const isNewest = this.#questions.ask();
    try {
      const [before, after] = await Promise.all([this.#find(this.beforeKey), this.#find(this.afterKey)]);
      const comparison = before === null || after === null ? null : await this.#client.prompts.compare({ before, after });
      if (!isNewest()) return;
      this.#compared = before === null || after === null || comparison === null ? null : { before, after, comparison };
      this.#error = null;
    } catch (failure) {
      if (isNewest()) this.#error = toErrorBody(failure);
    }
  }

  async #find(key: string): Promise<PromptDocument | null> {
    const choice = this.#choices.find((one) => one.key === key);
    if (choice?.itemId == null) return choice?.document ?? null;
    const item = await this.#client.library.get({ itemId: choice.itemId });
    return item.kind === 'prompt' ? item.prompt : null;
  }
}

/** The texts of the open length that this session's steps led to, each once, newest first. */
function stepsOf({ history, snapshot, picture }: OpenWork): TextChoice[] {
  const seen = new Set<PromptDocument>();
  const steps: TextChoice[] = [];
  for (let index = history.index; index >= 0 && steps.length < mostSteps; index -= 1) {
    const entry = history.entries[index];
    const document = entry?.state.versions[snapshot.open]?.document;
    if (entry === undefined || document === undefined || seen.has(document)) continue;
    if (entry.state.picture?.itemId !== picture?.itemId) break;
    seen.add(document);
    const name = steps.length === 0 ? say('words.now', { step: entry.label }) : entry.label;
    steps.push({ key: `step ${index}`, name, document, itemId: null });
  }
  return steps;
}

const describeKept = (length: number | null, text: string): string =>
  length === null ? say('words.byHand', { text }) : say('words.ofLength', { length, text });

function keptTexts(kept: TextVersionList): TextChoice[] {
  return kept.items.map(({ itemId, text, length }) => ({
    key: `item ${itemId}`,
    name: describeKept(length, cutAtWord(text, 48)),
    document: null,
    itemId,
  }));
}
